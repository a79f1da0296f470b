import { importKinds } from "../../../command/import/kinds";
import { useImportWorld } from "./import-world";
import { live } from "./objects";

const world = useImportWorld();

type Path = readonly string[];

/** The path of each member, at any depth. */
function pathsIn(value: unknown, path: Path = []): Path[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return inner.flatMap(([name, one]) => [[...path, name], ...pathsIn(one, [...path, name])]);
}

function changedAt(value: unknown, [name = "", ...rest]: Path, change: (one: unknown) => unknown): unknown {
  const entries = Object.entries(Object(value)).map(([one, inner]) =>
    one === name ? [one, rest.length === 0 ? change(inner) : changedAt(inner, rest, change)] : [one, inner],
  );
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}

const formOf = (value: unknown) => (Array.isArray(value) ? "list" : value === null ? "null" : typeof value);

/** The kinds of values that no version of the API has shown in a member. */
function oddForms(value: unknown): unknown[] {
  return [7, "x", ["x"], { x: "x" }, true].filter((one) => formOf(one) !== formOf(value));
}

/** The members with free values, and those that the service shows in more than one form. */
const free: Readonly<Record<keyof typeof live, RegExp>> = {
  deployment:
    /^(agent(\.type)?|schedule|metadata.*|initial_events.0.content|budget.*|\w+_at|paused_reason|resources.1.instructions)$/,
  agent: /^(model|metadata.*|tools.2.input_schema.*|skills.0.version|multiagent.agents.[12].(version|model)|\w+_at)$/,
  environment: /^(metadata.*|config.packages.type|\w+_at)$/,
};
/** Members that an object must have, so that null is no form of them. */
const needed: Readonly<Record<keyof typeof live, readonly string[]>> = {
  deployment: ["name", "agent", "agent.id", "environment_id", "initial_events", "budget.max_credit_cost", "status"],
  agent: ["name", "model", "model.id", "mcp_servers.0.url", "multiagent.type", "multiagent.agents"],
  environment: ["name", "config", "config.type", "config.networking.type"],
};

// If an import took such a member for missing, the program would omit it, and the next update would clear it.
test.each(["deployment", "agent", "environment"] as const)(
  "each %s with a member in an unknown shape is left out, at any depth",
  (noun) => {
    const kind = importKinds.find((one) => one.noun === noun);
    const isTaken = (path: Path, value: unknown) => {
      const object = kind?.parse({ ...live[noun], ...Object(changedAt(live[noun], path, () => value)) });
      return object !== undefined && !("problem" in object) && object.failures.length === 0;
    };
    const paths = pathsIn(live[noun]);
    const at = (path: Path) => path.reduce((one: unknown, name) => Object(one)[name], live[noun]);
    const odd = paths.flatMap((path) =>
      free[noun].test(path.join(".")) ? [] : oddForms(at(path)).map((value) => [path, value] as const),
    );
    expect(odd.length).toBeGreaterThan(70);
    const without = paths.filter((path) => needed[noun].includes(path.join("."))).map((path) => [path, null] as const);
    expect(without).toHaveLength(needed[noun].length);
    const taken = [...odd, ...without].filter(([path, value]) => isTaken(path, value));
    expect(taken.map(([path, value]) => `${path.join(".")}: ${JSON.stringify(value)}`)).toEqual([]);
  },
);

test.each([
  ["archived_at", { time: "2026-06-14T08:53:32Z" }],
  ["vault_ids", "vault_a"],
])(
  "a deployment with %s in an unknown shape is skipped, in a list and by its id, and the reason names the member",
  async (member, value) => {
    const [odd, even] = [world.create("odd"), world.create("even")];
    const shown = (_: string, one: unknown) => (Object(one).id === odd ? { ...Object(one), [member]: value } : one);
    const transform = (reply: object): unknown => JSON.parse(JSON.stringify(reply, shown));
    world.api.fault({ kind: "replace-body", method: "GET", times: Number.POSITIVE_INFINITY, transform });
    for (const selection of [
      ["--all", "--kind", "deployment"],
      [odd, even],
    ]) {
      const { status, stderr } = await world.into(...selection, "--force");
      expect(stderr).toMatch(new RegExp(`^Skipped: ${odd}.*\n  .*${member} is not as the API documents it.*\n$`));
      expect([status, world.importedIds()]).toEqual([1, [even]]);
    }
  },
);

// "Conventions: versioning": replies may have further members, at any depth.
test.each([
  ["deployment", ["initial_events.0", "initial_events.0.content.0", "resources.0", "resources.1"]],
  [
    "agent",
    ["model", "tools.0.default_config", "tools.1.configs.0", "mcp_servers.0", "skills.0", "multiagent.agents.2"],
  ],
  ["environment", ["config", "config.networking", "config.packages"]],
] as const)(
  "an imported %s lacks members that this version does not know, and the import names their places",
  (noun, places) => {
    const kind = importKinds.find((one) => one.noun === noun);
    const described = (object: { id: string }) => Object(kind?.parse(object));
    expect(described(live[noun]).outputs).not.toHaveProperty("__shown");
    for (const place of places) {
      const later = (one: unknown) => ({ ...(typeof one === "string" ? { id: one } : Object(one)), later: "x" });
      const found = described(Object(changedAt(live[noun], place.split("."), later)));
      const named = `${place.replace(/_(.)/g, (_, letter) => letter.toUpperCase())}.later`;
      expect([place, found.failures, found.notes]).toEqual([
        place,
        [],
        [`it has members that this version does not know, and an update of their argument may remove them: ${named}`],
      ]);
      expect(JSON.stringify(found.inputs)).not.toContain("later");
      expect(found.outputs).not.toHaveProperty("__shown");
    }
  },
);
