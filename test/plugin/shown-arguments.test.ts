import * as pulumi from "@pulumi/pulumi";
import { ofOneCommand } from "../kinds/common";
import { rowOf } from "../kinds/deployment";
import { vaultCredential } from "../kinds/vault-credential";
import { argumentNames } from "../support/deployment";
import { expectShown, shownBy, shownLines } from "../support/shown-requests";
import { type Properties, World } from "../support/world";

const world = World.ofTests();

const unknown = pulumi.runtime.unknownValue;
const asks = { __command: { isPreview: true, showRequests: true } };

const required = ["name", "agent", "environmentId", "initialEvents"];

/** Each form of each argument, with a generation of the API that has the argument. */
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

test.each(forms)("a preview shows the request of form $index of $name", async ({ more, generation, isRequired }) => {
  Object.assign(world.api.switches, { generation, scheduleNull: "accept" });
  const stack = world.stack();
  const given = world.args(more);
  const [create] = await expectShown(world, stack, given);
  expect(create).toMatch(/^POST \/deployments \{/);
  expect(await expectShown(world, stack, given)).toEqual([]);
  await expectShown(world, stack, { ...given, description: "another", metadata: { team: "another" } });
  if (!isRequired) {
    await expectShown(world, stack, world.args());
    // A preview shows no answers: the service refuses to pause a paused deployment, and `up` then marks it.
    if (world.live.status === "active") {
      await expectShown(world, stack, given);
    }
  }
});

describe("in the shown request", () => {
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
    ["an unknown agent", { agent: unknown }, { agent: "[unknown]" }],
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
  ])("%s that is unknown has [unknown] as its value", async (_, more, member) => {
    expect(body(await create(more))).toMatchObject(member);
  });

  // pulumi/pulumi sdk/go/common/resource/plugin/rpc.go. The text depends on the type that the other resource's schema declares.
  test.each([
    ["truth value", "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7"],
    ["number", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
    ["text", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["list", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
    ["asset", "030794c1-ac77-496b-92df-f27374a8bd58"],
    ["archive", "e48ece36-62e2-4504-bad9-02848725956a"],
    ["object", "dd056dcd-154b-4c76-9bd3-c8f88648b5ff"],
  ])("the engine's text for an unknown %s never appears", async (_, text) => {
    expect(body(await create({ environmentId: text, environmentVariables: { A: text } }))).toMatchObject({
      environment_id: "[unknown]",
      environment_variables: "A=[unknown]",
    });
  });

  test("unknown arguments have the same places as known ones", async () => {
    const known = body(await create({ vaultIds: ["vault_a"], budget: { maxCreditCost: "1" } }));
    const later = body(await create({ vaultIds: unknown, budget: { maxCreditCost: "1" }, environmentId: unknown }));
    expect(Object.keys(later)).toEqual(Object.keys(known));
  });

  test("an unknown pause is announced as a possible further request", async () => {
    const [, ...rest] = await create({ paused: unknown });
    expect(rest).toEqual(["perhaps another request, because paused is not known yet"]);
  });

  test("an unknown version of the agent is part of an update, because it may change", async () => {
    const stack = world.stack();
    await stack.up(world.args({ agent: { id: "agent_a", version: 1 } }));
    const changed = world.args({ agent: { id: "agent_a", version: unknown } });
    expect(await shownBy(world, stack, changed)).toEqual([
      `POST /deployments/${world.live.id} {"agent":{"id":"agent_a","type":"agent","version":"[unknown]"}}`,
    ]);
  });
});

describe("a preview describes in words", () => {
  test("the update of an adoption, which depends on the GET", async () => {
    await world.stack().up(world.args());
    const { id } = world.live;
    const stack = world.stack();
    const args = world.args({ adopt: id, description: "new" });
    expect(await shownBy(world, stack, args)).toEqual([
      `GET /deployments/${id}`,
      `an update with the differences that the GET shows: POST /deployments/${id}`,
    ]);
    await stack.up(args);
    expect(world.sent()).toEqual([
      ["GET", `/deployments/${id}`],
      ["POST", `/deployments/${id}`, { description: "new" }],
    ]);
  });

  test("the update after a lost answer, which the next `up` sends without a GET", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    world.api.fault({ kind: "reset-before", method: "POST", times: Number.POSITIVE_INFINITY });
    const wanted = world.args({ description: "new", __timeouts: { update: 10 } });
    await expect(stack.up(wanted)).rejects.toThrow("may have been done or not");
    world.api.clearFaults();
    expect(await expectShown(world, stack, wanted)).toEqual([`POST /deployments/${id} {"description":"new"}`]);
  });

  test("no request if a failed pause is no longer wanted", async () => {
    const stack = world.stack();
    world.api.fault({ kind: "status", status: 403, method: "POST", path: /\/pause$/ });
    await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
    expect(await expectShown(world, stack, world.args())).toEqual([]);
  });

  test("settings of others beside casConfig, which the GET may change", async () => {
    Object.assign(world.api.switches, { generation: 1 });
    const stack = world.stack();
    await stack.up(world.args({ casConfig: { maxRetries: 1 } }));
    const { id } = world.live;
    const config = { max_concurrent: 1, max_retries: 2, timeout_ms: 300_000 };
    const settings = { config, session_strategy: "new_session" };
    expect(await shownBy(world, stack, world.args({ casConfig: { maxRetries: 2 } }))).toEqual([
      `GET /deployments/${id}`,
      `POST /deployments/${id} ${JSON.stringify({ metadata: { cas_config: settings } })}`,
      "the settings of others beside casConfig are shown from the state; the update sends them as the GET shows them",
    ]);
  });
});

test("a shown request has escapes for control characters and CLI markup, and is the same JSON", async () => {
  const description = 'a\u001b[2J\u2028\u202e<{%x%}> "b"\n\ud83d\ude00';
  const [line = ""] = await shownBy(world, world.stack(), world.args({ description }));
  expect(line).not.toMatch(/[\p{Cc}\u2028\u202e]|<\{%|%\}>/u);
  expect(JSON.parse(line.replace("POST /deployments ", ""))).toMatchObject({ description });
});

test.each(["all", "warnings", "none"])("qoder:diagnostics of %s do not hide the requests", async (diagnostics) => {
  const command = { ...asks.__command, diagnostics };
  await world.stack().preview({ ...world.args(), __command: command });
  expect(shownLines(world)).toEqual([expect.stringMatching(/^POST \/deployments \{/)]);
});

test("neither a preview without qoder:showRequests nor an `up` shows a request", async () => {
  const stack = world.stack();
  await stack.preview({ ...world.args(), __command: { isPreview: true } });
  await stack.up({ ...world.args(), __command: { isPreview: false, showRequests: true } });
  await stack.preview({ ...world.args({ description: "new" }), __command: { isPreview: true } });
  expect(shownLines(world)).toEqual([]);
});

test("a diff before the check of its resource, as in a refresh, shows no request", async () => {
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

test("a shown request hides secret labels, and shows the settings of casConfig beside them", async () => {
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

test("a preview shows a credential of a vault that does not exist yet", async () => {
  const credentials = await World.start(vaultCredential);
  const lines = await shownBy(credentials, credentials.stack(), credentials.args({ vaultId: unknown }));
  await credentials.stop();
  expect(lines).toContainEqual(expect.stringMatching(/^POST \/vaults\/\[unknown\]\/credentials \{/));
  expect(lines.join()).not.toContain("undefined");
});
