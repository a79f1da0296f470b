import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { z } from "zod";
import { DynamicProvider } from "../support/dynamic-provider";
import { until } from "../support/until";
import { SimulatedStack, World } from "../support/world";

/** Accepts connections as the engine does, and never answers. */
class Engine {
  readonly #connections = new Set<Socket>();
  seen = 0;
  private constructor(
    private readonly server: Server,
    readonly address: string,
  ) {
    server.on("connection", (connection) => {
      this.seen += 1;
      this.#connections.add(connection.on("error", () => {}));
    });
  }

  static async start(): Promise<Engine> {
    const server = createServer();
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = z.object({ port: z.number() }).parse(server.address());
    return new Engine(server, `127.0.0.1:${port}`);
  }

  close(): void {
    this.server.close();
    for (const connection of this.#connections) {
      connection.destroy();
    }
  }
}

let world: World;
let engine: Engine;
let provider: DynamicProvider;
beforeEach(async () => {
  world = await World.start();
  engine = await Engine.start();
});
afterEach(async () => {
  await provider.stop();
  engine.close();
  await world.stop();
});

const creates = () => world.api.requests.filter(({ method, path }) => method === "POST" && path === "/deployments");

async function started(address: string): Promise<DynamicProvider> {
  provider = await DynamicProvider.start({
    config: { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url },
    engine: address,
  });
  return provider;
}

function refuseOnce(retryAfter: string): void {
  const headers = { "retry-after": retryAfter };
  world.api.fault({ kind: "status", method: "POST", path: "/deployments", status: 429, headers });
}

test("a provider process whose engine has ended ends during a wait, and sends no further request", async () => {
  const server = await started(engine.address);
  const stack = new SimulatedStack(() => server);
  refuseOnce("30");
  const up = expect(stack.up(world.args())).rejects.toThrow();
  await until(
    () => creates().length === 1,
    () => "the create arrives",
  );
  await until(
    () => engine.seen > 0,
    () => "the process looks for its engine",
  );
  engine.close();
  await until(
    () => provider.hasEnded,
    () => "the process ends",
  );
  await up;
  expect(creates()).toHaveLength(1);
  expect(world.api.deployments.all()).toEqual([]);
});

test("a provider process that nobody reads any more ends with the first line that its server prints", async () => {
  const server = await started(engine.address);
  await new SimulatedStack(() => server).preview(world.args());
  provider.deafen();
  await expect(server.check({ __provider: "no program" })).rejects.toThrow();
  await until(
    () => provider.hasEnded,
    () => "the process ends",
  );
  expect(world.api.requests).toEqual([]);
});

test.each(["runs", "was never reached"])(
  "a provider process whose engine %s sends its request after the wait",
  async (what) => {
    if (what !== "runs") engine.close();
    const server = await started(engine.address);
    refuseOnce("1");
    await new SimulatedStack(() => server).up(world.args());
    expect(creates()).toHaveLength(2);
    expect(engine.seen > 1).toBe(what === "runs");
    expect(world.live.name).toBe("daily");
  },
);
