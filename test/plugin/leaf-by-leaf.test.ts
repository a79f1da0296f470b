import { wireName } from "../../provider/resource/kind/wire-case";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import type { MemberPath } from "../qoder-api/managed-objects";
import { isObject } from "../qoder-api/parse";
import type { JsonObject } from "../qoder-api/wire";
import type { Properties } from "../support/provider";
import { richest, services } from "../support/services";
import { type SimulatedStack, textsOf, World } from "../support/world";

/** A change by a user at one place of a reply. */
interface PlacedEdit {
  readonly what: string;
  readonly path: MemberPath;
  /** Undefined if the member is removed. */
  readonly value: unknown;
  /** True if the state forgets a token with its repository, so that the next `up` sends the token again. */
  readonly losesToken: boolean;
}

/** Of the agent in a reply, only the id is an argument, unless the program pins a version. */
const agentMembers = ["id"];
/** Members with only one type in the API: a reply without the type means the same. */
const oneType = ["schedule", "budget", "mcp_servers", "packages"];
/** "Define an outcome": 3 iterations mean the same as no number. */
const meansItsAbsence = ["max_iterations"];

/** The service sets these members by itself, so a changed value does not mean that a user changed it. */
const serviceOwned = ["upcoming_runs_at", "last_run_at", "stats"];

/** Values for members in which any other text would be invalid. */
const plausible: Readonly<Record<string, unknown>> = {
  expression: "0 0 * * *",
  timezone: "Europe/Rome",
  max_credit_cost: "99.00",
  checkout: { type: "branch", name: "other" },
  configs: [{ name: "Bash", enabled: false }],
};

/** For each leaf of the arguments in a reply, an edit that changes it. */
function changedLeaves(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isLeaf(value) && !isOfAgent(path) && !isUnwritable(path, program)
      ? [edit("changes", path, another(String(path.at(-1)), value), program)]
      : [],
  );
}

/**
 * For each object, an edit that adds a member. Maps whose keys belong to the user, such as `metadata`, are left out, and so are
 * the settings of `cas_config`.
 */
function addedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    isObject(value) && path[0] !== "agent" && !path.includes("cas_config")
      ? [{ ...edit("adds to", path, "x", program), path: [...path, "later"], losesToken: false }]
      : [],
  );
}

/**
 * For each object and list, edits that remove a member or element. Empty values are left out, because they mean the same as
 * their absence; so are values that the program never gave.
 */
function removedMembers(shown: JsonObject, program: Properties): PlacedEdit[] {
  return placesIn(shown, program).flatMap(({ path, value }) =>
    path.length > 1 &&
    !isEmpty(value) &&
    !isOfAgent(path) &&
    !isImplied(path) &&
    !isUnwritable(path, program) &&
    isGiven(program, path)
      ? [edit("removes", path, undefined, program)]
      : [],
  );
}

function edit(how: string, path: MemberPath, value: unknown, program: Properties): PlacedEdit {
  const [field, , member] = path;
  const holdsToken =
    field === "resources" && JSON.stringify(program["resources"] ?? []).match(/token|password/i) !== null;
  const isOfAnother = path.length === 2 || member === "url" || (member === "type" && path.length === 3);
  return { what: `${how} ${path.join(".")}`, path, value, losesToken: holdsToken && isOfAnother };
}

/** The last parts of the paths that no program can write: a member that the stand-in adds, and the only type of a value. */
const unwritable = ["revision", "schedule.type", "budget.type", "packages.type"];

/** The limits of a network mean nothing beside an open one. */
function isUnwritable(path: MemberPath, program: Properties): boolean {
  const text = path.join(".");
  const isLimit = text.startsWith("config.networking.") && path.at(-1) !== "type";
  const isOpen = JSON.stringify(program["config"] ?? {}).includes("unrestricted");
  return unwritable.some((end) => text.endsWith(end)) || (isLimit && isOpen);
}

function isOfAgent([field, member]: MemberPath): boolean {
  return field === "agent" && !agentMembers.includes(String(member));
}

function isImplied(path: MemberPath): boolean {
  const [member, ...owners] = [...path].reverse().map(String);
  return (
    meansItsAbsence.includes(member ?? "") || (member === "type" && owners.some((owner) => oneType.includes(owner)))
  );
}

/** A text in the program means an object with only this member. */
function isGiven(program: Properties, path: MemberPath): boolean {
  const [field, ...rest] = path[0] === "metadata" ? [] : path;
  if (field === undefined) {
    return true;
  }
  let value = Object.entries(program).find(([name]) => wireName(name) === field)?.[1];
  for (const part of rest) {
    if (typeof value === "string") {
      return ["type", "text", "id", 0].includes(path.at(-1) ?? "");
    }
    value = membersOf(value).find(([name]) => wireName(String(name)) === String(part))?.[1];
  }
  return value !== undefined;
}

interface Place {
  readonly path: MemberPath;
  readonly value: unknown;
}

function placesIn(shown: JsonObject, program: Properties): Place[] {
  const { metadata: labels, casConfig, paused: _paused, ...others } = program;
  const fields = ["name", ...Object.keys(others)].map(wireName).filter((field) => field in shown);
  const { metadata } = shown;
  const keys = isObject(metadata) ? Object.keys(metadata) : [];
  const ours = keys.filter((key) =>
    key === "cas_config" ? casConfig !== undefined : isObject(labels) && key in labels,
  );
  return [
    ...fields.flatMap((field) => placesBelow([field], shown[field])),
    ...ours.flatMap((key) => placesBelow(["metadata", key], isObject(metadata) ? metadata[key] : undefined)),
  ];
}

function placesBelow(path: MemberPath, value: unknown): Place[] {
  return [{ path, value }, ...membersOf(value).flatMap(([member, inner]) => placesBelow([...path, member], inner))];
}

function membersOf(value: unknown): [member: string | number, inner: unknown][] {
  if (Array.isArray(value)) return value.map((element, index) => [index, element]);
  return isObject(value) ? Object.entries(value).filter(([member]) => !serviceOwned.includes(member)) : [];
}

function isLeaf(value: unknown): boolean {
  return isEmpty(value) || typeof value !== "object";
}

function isEmpty(value: unknown): boolean {
  return value === null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}

function another(member: string, value: unknown): unknown {
  if (member in plausible) return plausible[member];
  if (typeof value === "boolean") return !value;
  if (typeof value === "number") return value + 1;
  return Array.isArray(value) ? ["changed"] : `${typeof value === "string" ? value : ""}x`;
}

/** The least arguments, and every argument that a request has, in its fullest form. */
const everyShape = ({ rows, least }: KindRow): Properties => ({
  ...least,
  ...Object.fromEntries(
    Object.entries(rows)
      .filter(([name, { leftOut }]) => name !== "name" && leftOut !== "ignored")
      .map(([name, { value, everyShape: shape = value }]) => [name, shape]),
  ),
});

const toolset = { type: "agent_toolset_20260401" };
const sparse = "that leaves settings to the service";
const programs: readonly (readonly [KindRow, Readonly<Record<string, Properties>>])[] = [
  [
    deployment,
    {
      [sparse]: {
        ...deployment.least,
        agent: { id: "agent_a", version: 1 },
        initialEvents: [
          { type: "user.message", content: "Go" },
          { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } },
        ],
        resources: [
          { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "token" },
          { type: "file", fileId: "file_a" },
          { type: "memory_store", memoryStoreId: "memstore_a" },
        ],
        schedule: { expression: "0 9 * * *", timezone: "Asia/Shanghai" },
      },
    },
  ],
  [
    agent,
    {
      [sparse]: {
        model: { id: "ultimate", effort: "low" },
        tools: [toolset],
        skills: [{ type: "custom", skillId: "skill_1" }],
      },
    },
  ],
  [
    environment,
    {
      [sparse]: { config: { type: "cloud" } },
      "that opens the network": { config: { type: "cloud", networking: { type: "unrestricted" } } },
    },
  ],
];

/** Both generations of the settings, so that a deployment takes every argument. */
const both = { casConfig: "present" } as const;
const cases = programs.flatMap(([kind, others]) =>
  Object.entries({ "that gives every argument": everyShape(kind), ...others }).map(([program, args]) => ({
    ...{ kind, label: kind.label },
    program,
    args,
  })),
);
const forms = Object.entries({ ...services, "fills in defaults after its answer": { fillingIn: "late" } as const });

const world = World.ofTests(deployment);

interface Declared {
  readonly stack: SimulatedStack;
  readonly id: string;
}

/** The results of four commands on an unchanged object, and the writes that they sent. */
async function quiet({ stack }: Declared, args: Properties): Promise<readonly unknown[]> {
  const steps = [await stack.up(args), await stack.refresh(), await stack.preview(args), await stack.up(args)];
  const writes = world.api.requests.filter(({ method }) => method !== "GET");
  return [...steps, ...writes.map(({ method, path }) => `${method} ${path}`)];
}

/** The faults of a refresh after the edit, and of the refreshes after the edit was undone. */
async function flaws({ stack, id }: Declared, args: Properties, edit: PlacedEdit): Promise<string[]> {
  const before = JSON.stringify(stack.state?.inputs);
  world.output.length = 0;
  world.console.changeMember(id, edit.path, edit.value);
  const told = await stack.refresh().catch(() => "an error");
  const isInState = JSON.stringify(stack.state?.inputs) !== before;
  const next = told === "update" ? await stack.preview(args) : told;
  const isTold = told === "update" && isInState && ["update", "replace"].includes(next);
  // Without a member that the API promises, the object cannot be compared; an error or a warning must say so.
  const isRefused = edit.value === undefined && (told === "an error" || world.output.some(isAboutPromise));
  world.console.restoreMembers(id);
  const restored = await stack.refresh().catch(() => "an error");
  const after = [await stack.preview(args), await stack.refresh().catch(() => "an error")];
  // A difference that stays would hide the next edit.
  const failures = after.includes("update") ? await stack.up(args).then(() => [], textsOf) : [];
  return [
    ...(isTold || isRefused ? [] : [`${edit.what}: ${told}, then ${next}`]),
    ...(edit.losesToken || after.every((step) => step === "same")
      ? []
      : [`${edit.what}, and back: ${[restored, ...after].join(", ")}`]),
    ...failures.map((failure) => `${edit.what}, and back: up fails: ${failure}`),
  ];
}

function isAboutPromise(text: string): boolean {
  return text.includes("is not as the API documents it");
}

async function allFlaws(of: Declared, args: Properties, edits: readonly PlacedEdit[]): Promise<string[]> {
  expect(edits).not.toEqual([]);
  const found: string[] = [];
  for (const edit of edits) found.push(...(await flaws(of, args, edit)));
  return found;
}

const noWrites = ["same", "same", "same", "same"];

test.each(cases.flatMap((one) => forms.map(([service, form]) => ({ ...one, service, form }))))(
  "$label of a program $program shows no difference if the service $service",
  async ({ kind, args, form }) => {
    const object = await world.declared(kind, args, { ...both, ...form });
    expect(await quiet(object, args)).toEqual(noWrites);
  },
);

const changes = {
  "a changed leaf": changedLeaves,
  "a removed member": removedMembers,
};
const edited = cases.flatMap((one) => Object.entries(changes).map(([change, edits]) => ({ ...one, change, edits })));

test.each(edited)("a refresh shows $change at each place of $label, $program", async ({ kind, args, edits }) => {
  const object = await world.declared(kind, args, { ...both, ...richest });
  expect(await allFlaws(object, args, edits({ ...world.live }, args))).toEqual([]);
});

test.each(cases)(
  "a member that no program can write is no difference at any place of $label, $program",
  async ({ kind, args }) => {
    const object = await world.declared(kind, args, { ...both, ...richest });
    const edits = addedMembers({ ...world.live }, args).filter(({ path }) => !path.includes("input_schema"));
    expect(await allFlaws(object, args, edits)).toEqual(edits.map(({ what }) => `${what}: same, then same`));
  },
);

test("a member that no program can write is no difference beside a block of a kind that this version does not know", async () => {
  const content = [
    { type: "text", text: "Go" },
    { type: "text", text: "on" },
  ];
  const { stack, id } = await world.declared(deployment, { initialEvents: [{ type: "user.message", content }] });
  world.console.changeMember(id, ["initial_events", 0, "content", 1, "type"], "audio");
  expect(await stack.refresh()).toBe("update");
  world.console.changeMember(id, ["initial_events", 0, "content", 0, "later"], "x");
  expect(await stack.refresh()).toBe("same");
});
