import { isDeepStrictEqual as same } from "node:util";
import fc from "fast-check";
import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { memoryStore } from "../kinds/memory-store";
import { toy } from "../kinds/toy";
import { vaultCredential } from "../kinds/vault-credential";
import type { Switches } from "../qoder-api";
import { isObject } from "../qoder-api/parse";
import type { JsonObject } from "../qoder-api/wire";
import { services } from "../support/services";
import { type Properties, type SimulatedStack, textsOf, useDoor, World } from "../support/world";

const world = World.ofTests(agent);

/** Each service has every argument, so that all programs and all edits mean something. */
const every: Partial<Switches> = { casConfig: "present", scheduleNull: "accept", duplicateCredentials: "allow" };
const forms: readonly Partial<Switches>[] = [
  ...Object.values(services),
  { fillingIn: "late" },
  { environmentConfigUpdate: "merge" },
];

/** The programs, each as changes of the least one. */
const programsOf = ({ changes, rows }: KindRow): Properties[] => [
  ...changes.flatMap(({ before, after }) => [before, after]),
  ...Object.entries(rows).flatMap(([name, { everyShape, edited, needs, leftOut }]) =>
    leftOut === "ignored" || edited === undefined || everyShape === undefined
      ? []
      : [{ ...(name === "tools" ? { mcpServers: rows["mcpServers"]?.value } : {}), ...needs, [name]: everyShape }],
  ),
];

/** The bodies that somebody at the console may send. */
const editsOf = ({ changes, rows }: KindRow, more: readonly JsonObject[]): JsonObject[] => [
  ...Object.values(rows).flatMap(({ edited }) => (edited === undefined ? [] : [edited.by])),
  ...changes.map(({ sent }) => sent),
  ...more,
];

const cloud = (networking: object, more: object = {}) => ({ config: { type: "cloud", networking, ...more } });
const variable = (members: object) => ({ auth: { type: "environment_variable", ...members } });
const oauth = (members: object) => ({ auth: { type: "mcp_oauth", ...members } });

const edited: readonly (readonly [KindRow, readonly JsonObject[]])[] = [
  [deployment, []],
  [agent, [{ tools: [] }, { skills: [] }, { mcp_servers: [{ type: "url", name: "x", url: "https://x.example.com" }] }]],
  [
    environment,
    [
      cloud({ type: "limited", allowed_hosts: ["evil.example.com"] }),
      cloud({ type: "limited", allow_mcp_servers: true }),
      cloud({ type: "unrestricted" }, { setup_script: "curl evil.example.com" }),
    ],
  ],
  [memoryStore, []],
  [
    vaultCredential,
    [
      variable({ networking: { type: "limited", allowed_hosts: ["b.example.com"] } }),
      variable({ networking: { type: "unrestricted" } }),
      oauth({ expires_at: "2031-01-01T00:00:00Z" }),
      oauth({ refresh: { scope: "everything" } }),
    ],
  ],
  [toy, []],
];
const kinds = edited.map(([kind, more]) => ({ kind, more }));

interface Step {
  readonly what: "edit" | "up" | "refresh";
  readonly place: number;
}
const place = fc.nat(99);
const step: fc.Arbitrary<Step> = fc.record({
  what: fc.constantFrom("edit", "edit", "edit", "up", "up", "refresh", "refresh"),
  place,
});

/** What differs between the live object and a new object of the same program, in the members that the program declares. */
async function differences(kind: KindRow, id: string, args: Properties): Promise<string[]> {
  const other = world.stackOf(kind);
  await other.up({ ...args, ...("name" in kind.fields ? { name: "another" } : {}) });
  const otherId = other.state?.id ?? "";
  const [live, wanted] = [id, otherId].map((one) => new Map(Object.entries(world.console.get(one))));
  world.console.remove(otherId);
  const given = Object.entries(args).filter(([name]) => !["name", "casConfig"].includes(name));
  return given.flatMap(([name, value]) => {
    const member = kind.kind.fields[name]?.wire ?? "";
    const [one, two] = [live, wanted].map((object) => meaning(object?.get(member), value, name === "metadata"));
    return same(one, two) ? [] : [`${name}: ${JSON.stringify(one)} instead of ${JSON.stringify(two)}`];
  });
}

const ofService = ["upcoming_runs_at", "last_run_at", "stats", "created_at", "updated_at"];

/** The value without members that mean the same as their absence. Labels that the program does not give belong to others. */
function meaning(value: unknown, given: unknown, isOfMetadata: boolean): unknown {
  const isTold = (name: string, member: unknown) => {
    const isNobodys = name === "expires_at" && isObject(given) && given["expiresAt"] === undefined;
    const isLimited = name === "networking" && JSON.stringify(member) === '{"type":"limited"}';
    const isNone = name === "setup_script" && member === "";
    return !isEmpty(member) && !isNone && !isLimited && !isNobodys && !ofService.includes(name);
  };
  const plain: unknown = JSON.parse(
    JSON.stringify(value ?? null, (name, member) => (isTold(name, member) ? member : undefined)) ?? "null",
  );
  return isOfMetadata && isObject(plain) && isObject(given)
    ? Object.fromEntries(Object.keys(given).map((key) => [key, plain[key]]))
    : plain;
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === "object" && Object.values(value).every(isEmpty));
}

/** Takes a step, and returns the arguments that the program has after it. */
async function take(stack: SimulatedStack, { what, place }: Step, { programs, edits, args }: Situation) {
  const id = stack.state?.id ?? "";
  if (what === "refresh") {
    await stack.refresh();
  } else if (what === "edit") {
    edit(id, edits[place % edits.length] ?? {});
  } else {
    const next = world.args(programs[place % programs.length]);
    const isReplaced = (await stack.preview(next)) === "replace";
    const failed = isReplaced ? ["it would replace"] : await stack.up(next).then(() => [], textsOf);
    return failed.length === 0 ? next : args;
  }
  return args;
}

/** An edit at the console. The service refuses an edit of another type of object. */
function edit(id: string, body: JsonObject): void {
  try {
    world.console.edit(id, body);
  } catch (error) {
    expect(error).toBeInstanceOf(Error);
  }
}

interface Situation {
  readonly programs: readonly Properties[];
  readonly edits: readonly JsonObject[];
  readonly args: Properties;
}

test.each(kinds)(
  "whatever people do to $kind.label at the console between commands, `up` after a refresh restores the program, and the next one sends nothing",
  async ({ kind, more }: { readonly kind: KindRow; readonly more: readonly JsonObject[] }) => {
    const [programs, edits] = [programsOf(kind), editsOf(kind, more)];
    const arbitrary = fc.record({
      door: fc.constantFrom("dynamic", "plugin"),
      form: fc.constantFrom(...forms),
      first: place,
      steps: fc.array(step, { minLength: 1, maxLength: 7 }),
    });
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ door, form, first, steps }) => {
        useDoor(door);
        const declared = await world.declared(kind, programs[first % programs.length] ?? {}, { ...every, ...form });
        const { stack, id } = declared;
        let { args } = declared;
        for (const one of steps) args = await take(stack, one, { programs, edits, args });
        await stack.refresh();
        if ((await stack.preview(args)) === "replace") {
          return;
        }
        await stack.up(args);
        expect(await differences(kind, id, args)).toEqual([]);
        world.sent();
        await stack.findsNoDifference(args);
        expect(world.sent()).toEqual([["GET", world.path(id)]]);
      }),
      { numRuns: 15, seed: 39 },
    );
  },
);
