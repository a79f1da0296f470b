import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { Fault } from "../qoder-api";
import { type EngineStack, EngineWorld } from "../support/engine-world";

let world: EngineWorld;
let stack: EngineStack;
beforeEach(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
});
afterEach(() => world.stop());

const declaring = (more: Partial<QoderDeploymentArgs>) => async () => {
  new QoderDeployment("daily", { ...world.args(), ...more });
};

interface Row {
  readonly title: string;
  readonly fault: Fault;
  /** What the user reads; absent when the fault is overcome in the same command. */
  readonly message?: string;
  readonly requests: readonly string[];
}

const create = "POST /deployments";
const list = "GET /deployments";
const get = "GET /deployments/ID";
const update = "POST /deployments/ID";
const archive = "POST /deployments/ID/archive";
const failure = (type: string, message: string) => ({ type: "error", error: { type, message } });

function sent(): string[] {
  const lines = world.api.requests.map(({ method, path }) => `${method} ${path.replace(/dep_\w+/, "ID")}`);
  world.api.clearRequests();
  return lines;
}

const creates: readonly Row[] = [
  {
    title: "the connection is reset before the service acts",
    fault: { kind: "reset-before", method: "POST" },
    requests: [create, list, create],
  },
  {
    title: "the connection is reset after the service acted",
    fault: { kind: "reset-after", method: "POST" },
    // Found by its name; the service proves that it remembers the key; its answer is repeated; the deployment is read.
    requests: [create, list, create, create, get],
  },
  {
    title: "a gateway answers 502 after the service acted",
    fault: {
      kind: "status-after",
      method: "POST",
      status: 502,
      body: "upstream connect error",
      contentType: "text/plain",
    },
    requests: [create, list, create, create, get],
  },
  {
    title: "the answer is cut",
    fault: { kind: "truncate", method: "POST", cut: "json" },
    requests: [create, list, create, create, get],
  },
  {
    title: "the service limits requests",
    fault: { kind: "status", method: "POST", status: 429, headers: { "retry-after": "0" } },
    requests: [create, create],
  },
  {
    title: "the service refuses the token",
    fault: { kind: "status", method: "POST", status: 401, body: failure("authentication_error", "expired") },
    message: "401 authentication_error: expired",
    requests: [create],
  },
];

test.each(creates)("create: $title, and there is one deployment in the end", async ({ fault, message, requests }) => {
  const program = declaring({});
  world.api.fault(fault);
  const run = stack.up(program);
  if (message === undefined) {
    await run;
  } else {
    await expect(run).rejects.toThrow(message);
  }
  expect(sent()).toEqual(requests);
  await stack.up(program);
  expect((await stack.deployment()).id).toBe(world.live.id);
  await stack.previewNothing(program);
});

const updates: readonly Row[] = [
  {
    title: "the connection is reset after the service acted",
    fault: { kind: "reset-after", method: "POST" },
    requests: [update, update],
  },
  {
    title: "the service fails three times",
    fault: { kind: "status", method: "POST", status: 500, body: failure("api_error", "internal"), times: 3 },
    requests: [update, update, update, update],
  },
  {
    title: "the service names a wrong argument",
    fault: { kind: "status", method: "POST", status: 400, body: failure("invalid_request_error", "too long") },
    message: "The refused request changed nothing; correct the argument",
    requests: [update],
  },
];

test.each(updates)("update: $title, and a further up converges", async ({ fault, message, requests }) => {
  await stack.up(declaring({ description: "a" }));
  const { id } = world.live;
  sent();
  world.api.fault(fault);
  const run = stack.up(declaring({ description: "b" }));
  if (message === undefined) {
    await run;
  } else {
    await expect(run).rejects.toThrow(message);
  }
  expect(sent()).toEqual(requests);
  await stack.up(declaring({ description: "b" }));
  expect(world.live).toMatchObject({ id, description: "b" });
  await stack.previewNothing(declaring({ description: "b" }));
});

test("refresh: a service that is away for a moment costs nothing, one that stays away drops nothing", async () => {
  const program = async () => {
    new QoderDeployment("daily", world.args(), { customTimeouts: { update: "4s" } });
  };
  await stack.up(program);
  const { id } = world.live;
  sent();
  world.api.fault({
    kind: "status",
    method: "GET",
    status: 503,
    body: "unavailable",
    contentType: "text/plain",
    times: 2,
  });
  await stack.refresh();
  expect(sent()).toEqual([get, get, get]);
  world.api.fault({
    kind: "status",
    method: "GET",
    status: 503,
    body: "unavailable",
    contentType: "text/plain",
    times: Number.POSITIVE_INFINITY,
  });
  await expect(stack.refresh()).rejects.toThrow(/503: unavailable .*\(tried [34] times in [234] s\)/);
  world.api.clearFaults();
  expect((await stack.deployment()).id).toBe(id);
  await stack.previewNothing(program);
});

test("destroy: the answer is lost, and the deployment is archived once", async () => {
  await stack.up(declaring({}));
  sent();
  world.api.fault({ kind: "reset-after", method: "POST" });
  await stack.destroy();
  expect(sent()).toEqual([archive, archive, get]);
  expect(world.api.deployments.live()).toEqual([]);
});

test("create paused: the pause fails, the deployment is kept, and the next up pauses it", async () => {
  const program = declaring({ paused: true });
  world.api.fault({
    kind: "status",
    method: "POST",
    path: /pause$/,
    status: 403,
    body: failure("permission_error", "not yours"),
  });
  await expect(stack.up(program)).rejects.toThrow("was done in part");
  expect((await stack.deployment()).id).toBe(world.live.id);
  sent();
  await stack.up(program);
  expect(sent()).toEqual(["POST /deployments/ID/pause"]);
  await stack.previewNothing(program);
});
