import * as pulumi from "@pulumi/pulumi";
import { ofOneCommand } from "../kinds/common";
import { rowOf } from "../kinds/deployment";
import { argumentNames } from "../support/deployment";
import type { Properties } from "../support/provider";
import { expectShown, sentBy, shownBy, shownLines } from "../support/shown-requests";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const unknown = pulumi.runtime.unknownValue;
const asks = { __command: { isPreview: true, showRequests: true } };

const required = ["name", "agent", "environmentId", "initialEvents"];

/** Every argument in every form that has a row, under a generation that has it. */
const forms = argumentNames.flatMap((name) => {
  const { value, everyShape = value, otherForms = {}, limits = [], generations = [2] } = rowOf(name);
  const written = ofOneCommand.includes(name)
    ? []
    : [...new Set([value, everyShape, ...Object.values(otherForms), ...limits])];
  const isRequired = required.includes(name);
  return written.map((form, index) => ({
    name,
    index,
    generation: generations[0],
    more: { [name]: form },
    isRequired,
  }));
});

test.each(forms)(
  "$name in its form $index is shown as it is sent, when it comes, in a change and when it goes",
  async ({ more, generation, isRequired }) => {
    Object.assign(world.api.switches, { generation, scheduleNull: "accept" });
    const stack = world.stack();
    const given = world.args(more);
    const [create] = await expectShown(world, stack, given);
    expect(create).toMatch(/^POST \/deployments \{/);
    expect(await expectShown(world, stack, given)).toEqual([]);
    await expectShown(world, stack, { ...given, description: "another", metadata: { team: "another" } });
    if (!isRequired) {
      await expectShown(world, stack, world.args());
      await expectShown(world, stack, given);
    }
  },
);

test("a pause is a request of its own, of a new deployment and of one that is there", async () => {
  const stack = world.stack();
  const [create, pause] = await expectShown(world, stack, world.args({ paused: true }));
  expect([create?.slice(0, 18), pause]).toEqual(["POST /deployments ", "POST /deployments/[unknown]/pause"]);
  const { id } = world.live;
  const lines = await expectShown(world, stack, world.args({ paused: false, description: "new" }));
  expect(lines).toEqual([`POST /deployments/${id} {"description":"new"}`, `POST /deployments/${id}/unpause`]);
});

describe("what is not known yet", () => {
  const create = async (more: Properties) => shownBy(world, world.stack(), world.args(more));
  const body = (shown: readonly string[]) => JSON.parse(shown[0]?.replace("POST /deployments ", "") ?? "null");

  test.each<[string, Properties, object]>([
    ["an id", { environmentId: unknown }, { environment_id: "[unknown]" }],
    [
      "the version of an agent",
      { agent: { id: "agent_a", version: unknown } },
      { agent: { id: "agent_a", type: "agent", version: "[unknown]" } },
    ],
    [
      "a new agent",
      { agent: { id: unknown, version: unknown } },
      { agent: { id: "[unknown]", type: "agent", version: "[unknown]" } },
    ],
    ["an agent of which nothing is known", { agent: unknown }, { agent: "[unknown]" }],
    ["a whole list", { initialEvents: unknown }, { initial_events: "[unknown]" }],
    ["a variable", { environmentVariables: { A: unknown, B: "b" } }, { environment_variables: "A=[unknown]\nB=b" }],
    ["a label", { metadata: { team: unknown, tier: "1" } }, { metadata: { team: "[unknown]", tier: "1" } }],
    [
      "all labels beside casConfig",
      { metadata: unknown, casConfig: { maxRetries: 2 } },
      { metadata: { "[unknown]": "[unknown]", cas_config: { config: { max_retries: 2 } } } },
    ],
    [
      "a setting of casConfig",
      { casConfig: { maxRetries: unknown } },
      { metadata: { cas_config: { config: { max_retries: "[unknown]" } } } },
    ],
  ])("%s is shown in its place", async (_, more, member) => {
    expect(body(await create(more))).toMatchObject(member);
  });

  test("keeps the place that it has in the body", async () => {
    const known = body(await create({ vaultIds: ["vault_a"], budget: { maxCreditCost: "1" } }));
    const later = body(await create({ vaultIds: unknown, budget: { maxCreditCost: "1" }, environmentId: unknown }));
    expect(Object.keys(later)).toEqual(Object.keys(known));
  });

  test("whether it is paused may be a request more", async () => {
    const [, ...rest] = await create({ paused: unknown });
    expect(rest).toEqual(["perhaps a request more, as paused is not known yet"]);
  });

  test("is part of an update, as nobody knows that it will be as it was", async () => {
    const stack = world.stack();
    await stack.up(world.args({ agent: { id: "agent_a", version: 1 } }));
    const changed = world.args({ agent: { id: "agent_a", version: unknown } });
    expect(await shownBy(world, stack, changed)).toEqual([
      `POST /deployments/${world.live.id} {"agent":{"id":"agent_a","type":"agent","version":"[unknown]"}}`,
    ]);
  });
});

describe("requests that depend on an answer are described in words", () => {
  test("of an adoption all that differs", async () => {
    await world.stack().up(world.args());
    const { id } = world.live;
    const stack = world.stack();
    const args = world.args({ adopt: id, description: "new" });
    expect(await shownBy(world, stack, args)).toEqual([
      `GET /deployments/${id}`,
      `what differs then is sent by POST /deployments/${id}: known only after the GET`,
    ]);
    await stack.up(args);
    expect(world.sent()).toEqual([
      ["GET", `/deployments/${id}`],
      ["POST", `/deployments/${id}`, { description: "new" }],
    ]);
  });

  test("after an update of which nobody knows whether it was done", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    world.api.fault({ kind: "reset-before", method: "POST", times: Number.POSITIVE_INFINITY });
    const wanted = world.args({ description: "new", __timeouts: { update: 10 } });
    await expect(stack.up(wanted)).rejects.toThrow("may have been done or not");
    world.api.clearFaults();
    expect(await shownBy(world, stack, wanted)).toEqual([
      `GET /deployments/${id}`,
      `what differs then is sent by POST /deployments/${id}: nobody knows what the last update did`,
    ]);
    expect(await sentBy(world, stack, wanted)).toEqual([
      `GET /deployments/${id}`,
      `POST /deployments/${id} {"description":"new"}`,
    ]);
  });

  test("of what is left undone, and nothing more is wanted, one look", async () => {
    const stack = world.stack();
    world.api.fault({ kind: "status", status: 403, method: "POST", path: /\/pause$/ });
    await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
    expect(await expectShown(world, stack, world.args())).toEqual([`GET /deployments/${world.live.id}`]);
  });

  test("of casConfig what others set beside it, which the state may not know", async () => {
    Object.assign(world.api.switches, { generation: 1 });
    const stack = world.stack();
    await stack.up(world.args({ casConfig: { maxRetries: 1 } }));
    const { id } = world.live;
    const config = { max_concurrent: 1, max_retries: 2, timeout_ms: 300_000 };
    const settings = { config, session_strategy: "new_session" };
    expect(await shownBy(world, stack, world.args({ casConfig: { maxRetries: 2 } }))).toEqual([
      `GET /deployments/${id}`,
      `POST /deployments/${id} ${JSON.stringify({ metadata: { cas_config: settings } })}`,
      "what others set beside casConfig is here as the state knows it, and is sent as the GET shows it",
    ]);
  });
});

test("what would act on a terminal or on the CLI is escaped, and the JSON stays the same", async () => {
  const description = 'a\u001b[2J\u2028\u202e<{%x%}> "b"\n\ud83d\ude00';
  const [line = ""] = await shownBy(world, world.stack(), world.args({ description }));
  expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]|<\{%|%\}>/u);
  expect(JSON.parse(line.replace("POST /deployments ", ""))).toMatchObject({ description });
});

test.each(["all", "warnings", "none"])("qoder:remarks of %s leave the requests alone", async (remarks) => {
  const command = { ...asks.__command, remarks };
  await world.stack().preview({ ...world.args(), __command: command });
  expect(shownLines(world)).toEqual([expect.stringMatching(/^POST \/deployments \{/)]);
});

test("without qoder:showRequests, and in an up, no request is shown", async () => {
  const stack = world.stack();
  await stack.preview({ ...world.args(), __command: { isPreview: true } });
  await stack.up({ ...world.args(), __command: { isPreview: false, showRequests: true } });
  await stack.preview({ ...world.args({ description: "new" }), __command: { isPreview: true } });
  expect(shownLines(world)).toEqual([]);
});

test("what is compared before the program declares it, as in a refresh, is not shown", async () => {
  const [stack, other] = [world.stack(), world.stack()];
  await stack.up(world.args());
  await other.up(world.args({ name: "other" }));
  const { id = "", outputs = {}, inputs = {} } = stack.state ?? {};
  world.output.length = 0;
  const run = world.command();
  await run.check({ name: "other", __origin: other.origin, ...world.args(), ...asks }, other.state?.inputs);
  expect(await run.diff(id, { ...outputs, description: "edited" }, inputs)).toMatchObject({
    changes: "drawn by the engine",
  });
  expect(shownLines(world)).toEqual([]);
});

test("secret labels are hidden, and the settings of casConfig beside them are not", async () => {
  const metadata = { team: "hush-hush" };
  const body = async (more: Properties) => {
    const [line = ""] = await shownBy(world, world.stack(), world.args({ metadata, ...more }), ["metadata"]);
    expect(line).not.toContain("hush");
    return JSON.parse(line.replace("POST /deployments ", ""));
  };
  expect(await body({})).toMatchObject({ metadata: "[secret]" });
  const settings = { config: { max_retries: 2 } };
  expect(await body({ casConfig: { maxRetries: 2 } })).toMatchObject({
    metadata: { "[secret]": "[secret]", cas_config: settings },
  });
});

test("a resource that fails its check shows no request", async () => {
  await expect(world.stack().preview({ ...world.args({ environmentId: "x" }), ...asks })).rejects.toThrow();
  expect(shownLines(world)).toEqual([]);
});
