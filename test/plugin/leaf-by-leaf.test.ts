import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { addedMembers, changedLeaves, type PlacedEdit, removedMembers } from "../support/places";
import { richest, services } from "../support/services";
import { type Properties, type SimulatedStack, textsOf, World } from "../support/world";

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
  "$label of a program $program shows no difference if the service $service, even in reversed order",
  async ({ kind, args, form }) => {
    const object = await world.declared(kind, args, { ...both, ...form });
    expect(await quiet(object, args)).toEqual(noWrites);
    world.api.switches.listOrder = "reversed";
    expect(await quiet(object, args)).toEqual(noWrites);
  },
);

const changes = {
  "a changed leaf": changedLeaves,
  "an added member": addedMembers,
  "a removed member": removedMembers,
};
const edited = cases.flatMap((one) => Object.entries(changes).map(([change, edits]) => ({ ...one, change, edits })));

test.each(edited)("a refresh shows $change at each place of $label, $program", async ({ kind, args, edits }) => {
  const object = await world.declared(kind, args, { ...both, ...richest });
  expect(await allFlaws(object, args, edits({ ...world.live }, args))).toEqual([]);
});
