import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import type { JsonObject } from "../../provider/api/schema";
import { patchBody } from "../../provider/resource/compare/changes";
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

/** The live arguments, after a service with these habits answered the last write. */
function heldNow({ stored, owned, habits }: Omit<Scenario, "wanted">): Partial<Arguments> {
  const baseline = shownAfterWrite(shown(asWanted(stored, {}, owned), habits), owned);
  return liveAsRecorded(shown(stored, habits), owned, baseline);
}

function patchOf(scenario: Scenario): JsonObject {
  const reply = shown(scenario.stored, scenario.habits);
  return patchBody(changesBetween(heldNow(scenario), scenario.wanted, toldOutputs(reply)));
}

/** The bodies with one member less, or with one key of the metadata less. */
function eachWithout(body: Wire): Wire[] {
  const metadata = asObject(body["metadata"]);
  const keys = Object.keys(metadata);
  return [
    ...Object.keys(body).map((member) => omit(body, member)),
    ...keys.map((key) => ({ ...body, metadata: omit(metadata, key) })),
  ];
}

test("the patch, applied by the rules of the API, gives the wanted arguments and keeps all other members", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { stored, owned, wanted } = scenario;
      const after = applyMergePatch(stored, patchOf(scenario));
      expect(normalForm(after)).toEqual(normalForm(asWanted(stored, owned, wanted)));
    }),
    runs,
  );
});

test("after the patch the next patch is empty", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const after = applyMergePatch(scenario.stored, patchOf(scenario));
      expect(patchOf({ ...scenario, stored: after, owned: scenario.wanted })).toEqual({});
    }),
    runs,
  );
});

test("the patch gives the wanted arguments only with all its members and metadata keys", () => {
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

test("the patch is empty if the service holds the wanted arguments in any form", () => {
  fc.assert(
    fc.property(scenarios, ({ stored, habits, wanted }) => {
      const held = asWanted(stored, {}, wanted);
      expect(patchOf({ stored: held, owned: wanted, wanted, habits })).toEqual({});
    }),
    runs,
  );
});

test("the patch has no agent if the program names the live agent without a version", () => {
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

test("the preview shows a change exactly if an update sends a patch or a change of status", () => {
  fc.assert(
    fc.property(scenarios, (scenario) => {
      const { stored, owned, wanted, habits } = scenario;
      const reply = shown(stored, habits);
      const outputs = { ...heldNow({ stored, owned, habits }), ...serverOutputs(reply) };
      // All deployments of these scenarios are active.
      const sends = Object.keys(patchOf(scenario)).length > 0 || wanted.paused === true;
      expect(diff(outputs, { ...wanted }).changes).toBe(sends);
    }),
    runs,
  );
});

const minimal = { name: "report", agent: "agent_a", environmentId: "env_a", initialEvents: [] };

test.each([
  ["no longer has", {}, undefined, undefined],
  ["no longer has beside settings of others", {}, undefined, { label: "theirs" }],
])("no update is sent if the program drops a setting of casConfig that the service %s", (_, held, wanted, live) => {
  const changes = changesBetween(
    { ...minimal, casConfig: held },
    { ...minimal, ...(wanted === undefined ? {} : { casConfig: wanted }) },
    { effectiveMetadata: { cas_config: live } },
  );
  expect(changes).toEqual([]);
});
