import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import type { JsonObject } from "../../provider/api/schema";
import { patchBody } from "../../provider/resource/write/plan";
import {
  type Arguments,
  changesBetween,
  createBody,
  diff,
  liveAsRecorded,
  serverOutputs,
  shownAfterWrite,
  toldOutputs,
} from "../support/deployment";
import { agentId, agentVersion, wantedIn } from "./arbitraries";
import { type Scenario, scenarios, shown } from "./live-deployments";
import { asWanted, normalForm } from "./meaning";
import { applyMergePatch, asObject, omit, type Wire } from "./merge-rules";

const runs = { numRuns: 300 };

/** What the service holds in the terms of the program, after a service with these habits answered the last write. */
function heldNow({ stored, owned, habits }: Omit<Scenario, "wanted">): Partial<Arguments> {
  const baseline = shownAfterWrite(shown(asWanted(stored, {}, owned), habits), owned);
  return liveAsRecorded(shown(stored, habits), owned, baseline);
}

function patchOf(scenario: Scenario): JsonObject {
  const reply = shown(scenario.stored, scenario.habits);
  return patchBody(changesBetween(heldNow(scenario), scenario.wanted, toldOutputs(reply)));
}

/** The same body with one member less, for every member and every key of its metadata. */
function eachWithout(body: Wire): Wire[] {
  const metadata = asObject(body["metadata"]);
  const keys = Object.keys(metadata);
  return [
    ...Object.keys(body).map((member) => omit(body, member)),
    ...keys.map((key) => ({ ...body, metadata: omit(metadata, key) })),
  ];
}

test("the patch, applied by the rules of the API, gives the wanted arguments and leaves everything else unchanged", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { stored, owned, wanted } = scenario;
      const after = applyMergePatch(stored, patchOf(scenario));
      expect(normalForm(after)).toEqual(normalForm(asWanted(stored, owned, wanted)));
    }),
    runs,
  );
});

test("after the patch nothing differs any more", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const after = applyMergePatch(scenario.stored, patchOf(scenario));
      expect(patchOf({ ...scenario, stored: after, owned: scenario.wanted })).toEqual({});
    }),
    runs,
  );
});

test("without any one of its members, or of its metadata keys, the patch does not give what is wanted", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { stored, owned, wanted } = scenario;
      const right = normalForm(asWanted(stored, owned, wanted));
      const needless = eachWithout(patchOf(scenario)).filter((less) =>
        isDeepStrictEqual(normalForm(applyMergePatch(stored, less)), right),
      );
      expect(needless).toEqual([]);
    }),
    runs,
  );
});

test("the patch is empty if the service holds the wanted arguments, in any of its forms", () => {
  fc.assert(
    fc.property(scenarios, ({ stored, habits, wanted }) => {
      const held = asWanted(stored, {}, wanted);
      expect(patchOf({ stored: held, owned: wanted, wanted, habits })).toEqual({});
    }),
    runs,
  );
});

test("an agent without a version is never sent again, whatever version runs", () => {
  fc.assert(
    fc.property(scenarios, agentId, agentVersion, fc.boolean(), (scenario, id, version, asString) => {
      const agent = asString ? id : { id };
      const stored = { ...scenario.stored, agent: { id, type: "agent", version } };
      const body = patchOf({ ...scenario, stored, wanted: { ...scenario.wanted, agent } });
      expect(body).not.toHaveProperty("agent");
    }),
    runs,
  );
});

test("the body of a create, applied to an empty object, gives the wanted arguments", () => {
  fc.assert(
    fc.property(wantedIn, (wanted) => {
      const nothing = { metadata: {}, ...(wanted.budget === undefined ? {} : { budget: null }) };
      const unset = { description: "", schedule: null, resources: [], vault_ids: [], environment_variables: "" };
      const created = applyMergePatch({ ...unset, ...nothing }, createBody(wanted));
      expect(normalForm(created)).toEqual(normalForm(asWanted(nothing, {}, wanted)));
    }),
    runs,
  );
});

test("the preview tells of a change exactly when an update would send a patch or a change of status", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { stored, owned, wanted, habits } = scenario;
      const reply = shown(stored, habits);
      const outputs = { ...heldNow({ stored, owned, habits }), ...serverOutputs(reply) };
      // Every deployment of these scenarios is active.
      const sends = Object.keys(patchOf(scenario)).length > 0 || wanted.paused === true;
      expect(diff(outputs, { ...wanted }).changes).toBe(sends);
    }),
    runs,
  );
});

const minimal = { name: "report", agent: "agent_a", environmentId: "env_a", initialEvents: [] };

test.each([
  ["is gone, and the program drops it", {}, undefined, undefined],
  ["is gone, and the program drops it, while settings of others stand", {}, undefined, { label: "theirs" }],
])("nothing is sent when a setting of casConfig %s", (_, held, wanted, live) => {
  const changes = changesBetween(
    { ...minimal, casConfig: held },
    { ...minimal, ...(wanted === undefined ? {} : { casConfig: wanted }) },
    { effectiveMetadata: { cas_config: live } },
  );
  expect(changes).toEqual([]);
});
