import fc from "fast-check";
import { deploymentKind } from "../../provider/deployment/kind";
import { deployments } from "../../provider/kinds/table";
import { type Message, messageText } from "../../provider/resource/engine/answer";
import { argumentNames, serverOutputs } from "../support/deployment";
import { DynamicProvider } from "../support/dynamic-provider";
import { InProcessProvider } from "../support/in-process-provider";
import { unknown } from "../support/plugin-calls";
import type { Properties } from "../support/provider";
import { until } from "../support/until";
import { betweenCommandsMs, type Provider, ProviderError, SimulatedStack, World } from "../support/world";

/** Names with a meaning for the provider, the engine or JavaScript. */
const loadedNames = [
  ...argumentNames,
  ...Object.keys(serverOutputs({ id: "dep_1" })),
  ...["__origin", "__timeouts", "id", "code", "urn", "__proto__", "constructor", "toString"],
];

const plausible = fc.constantFrom<unknown>(
  "agent_1",
  "env_1",
  { id: "agent_1", version: 1 },
  { expression: "0 9 * * *", timezone: "UTC" },
  [{ type: "user.message", content: "hello" }],
  [{ type: "file", fileId: "file_1" }],
  { a: "1" },
  { create: -1, update: 0, delete: 1e300 },
  "2026-06-14T08:53:32Z",
  unknown,
);
const anyValue = fc.oneof(fc.jsonValue({ maxDepth: 3 }), plausible);
const anyName = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...loadedNames) },
  fc.string({ minLength: 1, maxLength: 10 }),
);

const anyProperties: fc.Arbitrary<Properties> = fc
  .dictionary(anyName, anyValue, { maxKeys: 12 })
  .map(({ __provider: _, ...properties }) => properties);

const anyId = fc.oneof(fc.constantFrom("", "dep_1", "../agents", "dep_1/archive", "dep_1?a=b"), fc.string());

/** The inputs that only the program side of this package writes. A state may hold any value there. */
const hiddenProperties: fc.Arbitrary<Properties> = fc.record(
  {
    __origin: anyValue,
    __timeouts: fc.oneof(fc.jsonValue(), fc.constant({ create: 60 })),
    __other: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

const wires = Object.values(deploymentKind.fields).flatMap(({ wire = [] }) => wire);

/** Members of a deployment reply with values that no page shows. */
const wireMembers = fc.dictionary(
  fc.constantFrom(...wires, "status", "paused_reason", "created_at", "updated_at", "flavour"),
  fc.jsonValue({ maxDepth: 2 }),
  { maxKeys: 3 },
);

let world: World;
/** The dynamic provider server of Pulumi. */
let server: DynamicProvider;
beforeAll(async () => {
  world = await World.start();
  server = await DynamicProvider.start({ config: { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url } });
});
afterAll(async () => {
  await server.stop();
  await world.stop();
});
beforeEach(() => world.reset());

/** The engine waits without a limit, so each call must end with a result or with an error that has a message. */
async function answered(call: Promise<unknown>): Promise<"result" | ProviderError> {
  try {
    await call;
    return "result";
  } catch (error) {
    if (!(error instanceof ProviderError)) {
      throw error;
    }
    expect(error.message).not.toMatch(/^\s*$|^undefined$|Unexpected struct type|is not iterable|reading '/);
    return error;
  }
}

describe("the provider answers any arguments of", () => {
  type Call = (id: string, olds: Properties, news: Properties) => Promise<unknown>;
  const pure: readonly [string, Call][] = [
    ["check", (_, olds, news) => server.check(news, olds)],
    ["diff", (id, olds, news) => server.diff(id, olds, news)],
  ];
  const calling: readonly [string, Call][] = [
    ["create", (_, __, news) => server.create(news)],
    ["read", (id, olds) => server.read(id, olds)],
    ["update", (id, olds, news) => server.update({ id, inputs: {}, outputs: olds }, news)],
    ["delete", (id, olds) => server.delete({ id, inputs: {}, outputs: olds })],
  ];
  const junk = [anyId, anyProperties, anyProperties] as const;

  test.each(pure)("%s, and no request is sent", async (_, call) => {
    await fc.assert(
      fc.asyncProperty(...junk, async (id, olds, news) => {
        await answered(call(id, olds, news));
        expect(world.api.requests).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(calling)("%s", async (_, call) => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(...junk), { minLength: 20, maxLength: 20 }), async (calls) => {
        // Together, because a 404 is asked for again after two seconds in the process of the provider.
        await Promise.all(calls.map(([id, olds, news]) => answered(call(id, olds, news))));
      }),
      { numRuns: 1 },
    );
    for (const { id } of world.api.deployments.live()) {
      world.api.deployments.remove(id);
    }
  });

  test("update with any state and a valid program, and a diff afterwards shows no change", async () => {
    const stack = world.stack(server);
    await stack.up(world.args());
    const news = world.args({ name: "daily", description: "new", vaultIds: ["vault_1"], metadata: { team: "a" } });
    await fc.assert(
      fc.asyncProperty(anyProperties, async (olds) => {
        const { id } = world.live;
        await answered(server.diff(id, olds, news));
        const update = server.update({ id, inputs: {}, outputs: olds }, news);
        if ((await answered(update)) === "result") {
          expect(await server.diff(id, (await update).outputs, news)).toMatchObject({ changes: "none" });
        }
      }),
      { numRuns: 25 },
    );
  });

  test("create with any hidden inputs, and a create that fails in part keeps the id and the outputs", async () => {
    await fc.assert(
      fc.asyncProperty(hiddenProperties, fc.uuid(), async (hidden, description) => {
        world.reset();
        world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
        const error = await answered(
          server.create(world.args({ name: "daily", description, paused: true, ...hidden })),
        );
        const failure = error === "result" ? undefined : error.initFailure;
        expect(failure?.id).toBe(world.live.id);
        expect(failure?.outputs).toMatchObject({ name: "daily", paused: false });
        expect(failure?.source).toBe(deployments.source);
        expect(failure?.reasons).toHaveLength(1);
      }),
      { numRuns: 10 },
    );
  });
});

test("with any members in the replies, each command ends, and a destroy archives the deployment", async () => {
  await fc.assert(
    fc.asyncProperty(wireMembers, async (members) => {
      world.reset();
      const stack = world.stack();
      const wanted = world.args({ paused: true, metadata: { team: "a" } });
      const commands = [
        () => stack.up(wanted),
        () => stack.refresh(),
        () => stack.up({ ...wanted, description: "new" }),
      ];
      for (const command of commands) {
        world.api.fault({ kind: "replace-body", transform: (reply) => ({ ...reply, ...members }) });
        await answered(command());
        world.api.clearFaults();
        if (stack.state === undefined) {
          await stack.up(wanted);
        }
        expect(world.live.id).toBe(stack.state?.id);
      }
      await stack.destroy();
      expect(world.api.deployments.live()).toEqual([]);
    }),
    { numRuns: 20 },
  );
});

test("twenty calls right after configure use the configured token", async () => {
  const stack = world.stack(server);
  // The process keeps the names that earlier tests declared.
  await stack.up(world.args({ name: "twenty" }));
  const { id = "", outputs = {} } = stack.state ?? {};
  world.passTime(betweenCommandsMs);
  world.api.clearRequests();
  const config = { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url, "qoder:refresh": "exact" };
  const fresh = await DynamicProvider.start({ config });
  const reads = Array.from({ length: 20 }, () => fresh.read(id, outputs));
  const states = await Promise.all(reads).finally(() => fresh.stop());
  expect(states.map((state) => state?.id)).toEqual(Array.from({ length: 20 }, () => id));
  expect(world.api.requests.map(({ token }) => token)).toEqual(Array.from({ length: 20 }, () => "pt-test"));
});

const accountNeeded = "A preview needs no account, `pulumi up` does";

describe("configure succeeds with wrong settings; one warning in a preview and each `up` name the mistake:", () => {
  const rows: readonly [string, Record<string, string>, RegExp][] = [
    ["no settings", {}, /no Qoder access token/],
    ["an empty token", { "qoder:pat": " " }, /no Qoder access token/],
    ["a token with a line break", { "qoder:pat": "pt-a\nb" }, /a character no token has|holds a space/],
    ["a base URL that is no URL", { "qoder:pat": "pt-test", "qoder:baseUrl": "junk" }, /is not a URL/],
    ["a base URL with http", { "qoder:pat": "pt-test", "qoder:baseUrl": "http://api.example" }, /is not https/],
  ];
  async function isSaidBy(provider: Provider, output: readonly string[], message: RegExp): Promise<void> {
    const stack = world.stack(provider);
    expect(await stack.preview(world.args())).toBe("create");
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => answered(stack.up(world.args()))));
    expect(first).toMatchObject({ message: expect.stringMatching(message), initFailure: undefined });
    for (const error of others) {
      const again = 'QoderDeployment "daily": create failed, as for "daily": no usable account';
      expect(error).toMatchObject({ message: expect.stringContaining(again), initFailure: undefined });
    }
    await provider.end();
    // The output of a process may arrive after its answers.
    await until(
      () => output.length > 0,
      () => "the preview says something",
    );
    expect(output.filter((line) => line.includes(accountNeeded))).toEqual([
      expect.stringMatching(new RegExp(`^warning: QoderDeployment "daily": .*(${message.source})`)),
    ]);
    expect(world.api.requests).toEqual([]);
  }

  test.each(rows)("%s", async (_, config, message) => {
    const output: string[] = [];
    const tell = async ({ severity, text }: Message) => void output.push(messageText(severity, text));
    const provider = new InProcessProvider({ config, clock: world.clock, environment: {}, tell });
    await isSaidBy(provider, output, message);
  });

  test("a token of the environment is an error of the preview if qoder:ownToken is true, and nothing is sent", async () => {
    const config = { "qoder:ownToken": "true", "qoder:baseUrl": world.api.url };
    const environment = { QODER_PAT: "pt-test" };
    const provider = new InProcessProvider({ config, clock: world.clock, environment, tell: async () => {} });
    const stack = world.stack(provider);
    await expect(stack.preview(world.args())).rejects.toThrow(
      /qoder:ownToken is true, .* QODER_PAT may belong to another/,
    );
    await provider.end();
    expect(world.api.requests).toEqual([]);
  });

  test("no settings, with the dynamic provider server of Pulumi", async () => {
    const provider = await DynamicProvider.start({ config: {} });
    await isSaidBy(provider, provider.output, /no Qoder access token/).finally(() => provider.stop());
  });

  test("with correct settings a preview prints no warning", async () => {
    const schedule = { expression: "0 9 * * *", timezone: "UTC" };
    const provider = await DynamicProvider.start({ config: { "qoder:pat": "pt-test" } });
    await new SimulatedStack(() => provider).preview(world.args({ schedule }));
    await provider.end();
    await provider.prints("  0 9 * * *  daily").finally(() => provider.stop());
    expect(provider.output).toEqual([expect.stringMatching(/^Next runs, in the time of UTC:\n/)]);
  });
});
