import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { type Deployment, deploymentSchema } from "../../provider/deployment/reply";
import type { Arguments } from "../support/deployment";
import { agentId, agentVersion, environmentId, schedule, vaultIds, wantedIn } from "./arbitraries";
import { asWanted, list, normalForm, variables } from "./meaning";
import { asObject, omit, type Wire } from "./merge-rules";

/** The forms in which the service may show the same deployment. */
const habits = fc.record({
  showsStrings: fc.boolean(),
  joinsWithSemicolons: fc.boolean(),
  sortsVaults: fc.boolean(),
  fillsIn: fc.boolean(),
  showsNullForEmpty: fc.boolean(),
  showsNumbers: fc.boolean(),
});
type Habits = typeof habits extends fc.Arbitrary<infer Drawn> ? Drawn : never;

/** A deployment in the service, the arguments of the last write, and the arguments of the program. */
export interface Scenario {
  readonly stored: Wire;
  readonly owned: Partial<Arguments>;
  readonly wanted: Partial<Arguments>;
  readonly habits: Habits;
}

const fresh = {
  id: "dep_019ec556114c78f8b60ee34fcb98bf59",
  type: "deployment",
  metadata: {},
  budget: null,
  status: "active",
  paused_reason: null,
  archived_at: null,
  created_at: "2026-06-14T08:53:32Z",
  updated_at: "2026-06-14T08:53:32Z",
};

// The arguments never have these values: these tests leave out the case in which a program and another writer set the same value.
const foreignMetadata = fc.dictionary(
  fc.constantFrom("cost-center", "team", "toString"),
  fc.constantFrom("theirs", "someone's"),
  { maxKeys: 2 },
);
const foreignCasConfig = fc.record(
  {
    session_strategy: fc.constant("new_session"),
    config: fc.record(
      { max_retries: fc.constantFrom(0, 7), timeout_ms: fc.constant(7_000), region: fc.constant("eu") },
      { requiredKeys: [] },
    ),
    label: fc.constant("theirs"),
    stats: fc.record({ total_runs: fc.nat(9), next_trigger_at: fc.constant("2026-06-15T01:30:00Z") }),
  },
  { requiredKeys: [] },
);

/** Changes by another writer since the last write. */
const drift = fc.record(
  {
    name: fc.constant("renamed"),
    description: fc.constantFrom("", "edited"),
    agent: fc.record({ id: agentId, type: fc.constant("agent"), version: agentVersion }),
    environment_id: environmentId,
    schedule: fc.option(schedule.map((value) => ({ type: "cron", ...value, last_run_at: "2026-06-15T01:30:00Z" }))),
    initial_events: fc.constantFrom(
      [{ type: "user.message", content: "edited" }],
      [{ type: "user.later_kind", at: 1 }],
    ),
    vault_ids: vaultIds,
    environment_variables: fc.constantFrom("", "LOG_LEVEL=on", "A=off\nLOG_LEVEL=on"),
    budget: fc.option(fc.constant({ type: "limit", max_credit_cost: "99" })),
  },
  { requiredKeys: [] },
);
const resourceDrift = fc.constantFrom<(resources: unknown[]) => unknown[]>(
  (resources) => resources,
  () => [],
  (resources) => resources.slice(1),
  (resources) => [...resources].reverse(),
  (resources) => [...resources, { type: "later_kind", some_id: "x" }],
);
const metadataDrift = fc.constantFrom<(metadata: Wire) => Wire>(
  (metadata) => metadata,
  () => ({}),
  (metadata) => omit(metadata, "team"),
  (metadata) => ("cas_config" in metadata ? { ...metadata, cas_config: { label: "theirs" } } : metadata),
  (metadata) => (Object.hasOwn(metadata, "team") ? { ...metadata, team: "edited" } : metadata),
);

export const scenarios: fc.Arbitrary<Scenario> = fc
  .record({
    owned: wantedIn,
    wanted: wantedIn,
    drift: fc.oneof(fc.constant({}), drift),
    resourceDrift,
    metadataDrift,
    foreignMetadata,
    foreignCasConfig: fc.option(foreignCasConfig),
    habits,
    unchanged: fc.boolean(),
  })
  .map((draw) => {
    const cas = draw.foreignCasConfig === null ? {} : { cas_config: draw.foreignCasConfig };
    const before = { ...fresh, metadata: { ...draw.foreignMetadata, ...cas } };
    const written = asWanted(before, {}, draw.owned);
    const drifted = draw.resourceDrift(list(written["resources"]));
    const resources = list(asWanted(before, {}, draw.wanted)["resources"]);
    const isWanted = isDeepStrictEqual(
      normalForm({ ...written, resources: drifted }),
      normalForm({ ...written, resources }),
    );
    const stored = {
      ...written,
      // Another writer sets no value of the program here, either: with what the service fills in, that is a form that no write has had.
      resources: isWanted ? list(written["resources"]) : drifted,
      metadata: draw.metadataDrift(asObject(written["metadata"])),
      ...draw.drift,
    };
    const { owned, habits } = draw;
    return draw.unchanged ? { stored: written, owned, wanted: owned, habits } : { ...draw, stored };
  });

/** A reply of the service. */
export function shown(stored: Wire, habits: Habits): Deployment {
  const pairs = Object.entries(variables(stored["environment_variables"])).map(([name, value]) => `${name}=${value}`);
  const vaults = [...new Set(list(stored["vault_ids"]))];
  const cost = asObject(stored["budget"])["max_credit_cost"];
  return deploymentSchema.parse({
    ...stored,
    ...(habits.showsNullForEmpty && stored["description"] === "" ? { description: null } : {}),
    ...(habits.joinsWithSemicolons ? { environment_variables: `${pairs.reverse().join("; ")};` } : {}),
    ...(habits.sortsVaults ? { vault_ids: vaults.sort() } : {}),
    ...(habits.showsNumbers && cost !== undefined ? { budget: { type: "limit", max_credit_cost: Number(cost) } } : {}),
    initial_events: list(stored["initial_events"]).map((event) => shownEvent(asObject(event), habits)),
    resources: list(stored["resources"]).map((resource) => shownResource(asObject(resource), habits)),
  });
}

function shownEvent(event: Wire, habits: Habits): Wire {
  const [first, ...others] = list(event["content"]);
  const { type, text } = asObject(first);
  const single = habits.showsStrings && type === "text" && others.length === 0;
  const filled = habits.fillsIn && event["type"] === "user.define_outcome" ? { max_iterations: 3 } : {};
  return { ...filled, ...event, ...(single ? { content: text } : {}) };
}

// The API's pages: a token is "accepted and never returned"; a missing mount path is "derived from the repository's name".
function shownResource(resource: Wire, habits: Habits): Wire {
  const visible = omit(omit(resource, "authorization_token"), "password");
  return habits.fillsIn ? { mount_path: "/filled/in", access: "read_write", checkout: null, ...visible } : visible;
}
