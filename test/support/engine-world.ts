import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace, PulumiCommand } from "@pulumi/pulumi/automation";
import * as settings from "@pulumi/pulumi/runtime/settings";
import { fasterStart, type PulumiCli, pulumiCli, pulumiEnvironment } from "../../tools/pulumi-cli";
import { type QoderApi, type QoderApiOptions, startQoderApi } from "../qoder-api";
import { EngineStack } from "./engine-stack";
import { KeyService } from "./key-service";
import { beginLatitude } from "./latitude";
import { takeRequests } from "./requests";

/**
 * Gives each channel of the SDK in this process connections of its own. The SDK does not close the channels of a failed
 * program, which keep trying to reach the ended engine, and gRPC shares their knowledge of an address among all channels of a
 * process. If a later engine got the same port, its program would fail at once with "No connection established" (@grpc/grpc-js
 * src/subchannel-pool.ts).
 */
function separateEngineChannels(): void {
  // The SDK's types lack this member. If the SDK removed it, this line would throw.
  Object.assign(Object(settings).grpcClientOptions, { "grpc.use_local_subchannel_pool": 1 });
}

export const repository = resolve(__dirname, "..", "..");
/** The result of one search per test file, because each search runs the CLI to get its version. */
let found: Promise<FoundCli> | undefined;

const engineProject = "engine-test";
export const token = "pt-test-a5f1c0";

separateEngineChannels();

interface FoundCli {
  readonly cli: PulumiCli;
  readonly command: PulumiCommand;
}

/** Gives the CLI a home of its own: it writes a log there, even if it only prints its version. */
async function find(): Promise<FoundCli> {
  const cli = await pulumiCli();
  const home = mkdtempSync(join(tmpdir(), "pulumi-qoder-home-"));
  process.env["PULUMI_HOME"] = home;
  try {
    return { cli, command: await PulumiCommand.get({ root: cli.folder }) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

interface Started extends FoundCli {
  readonly api: QoderApi;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly agent: string;
  readonly environmentId: string;
  readonly keys: KeyService;
}

/** A stack of the real engine on a file back end in a folder of its own, beside a stand-in API of its own. */
export class EngineWorld {
  #started: Started | undefined;

  private constructor(private readonly options: QoderApiOptions) {}

  static async start(options: QoderApiOptions = {}): Promise<EngineWorld> {
    const world = new EngineWorld(options);
    await world.#start();
    return world;
  }

  /** The world of a file of tests, which is new before each of them. */
  static ofTests(options: QoderApiOptions = {}): EngineWorld {
    const world = new EngineWorld(options);
    beforeEach(() => world.#start());
    afterEach(() => world.stop());
    return world;
  }

  async #start(): Promise<void> {
    found ??= find();
    const { cli, command } = await found;
    const api = await startQoderApi({ tokens: { [token]: "default" }, ...this.options });
    // The layer ci compares transcripts, which have the forms of the examples.
    if (expect.getState().testPath?.includes("/test/engine/")) {
      beginLatitude(api.latitude);
      // The mock has the clock of the machine: the lag of a write ends before the next command sends a request, and long before the
      // provider looks for the second time.
      api.latitude.longestLagMs = 300;
    }
    const keys = await KeyService.start();
    const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-"));
    const environment = {
      ...pulumiEnvironment(cli, folder),
      ...keys.environment,
      NODE_OPTIONS: fasterStart,
      QODER_PAT: token,
      QODER_BASE_URL: api.url,
    };
    const [agent, environmentId] = [api.agents.create().id, api.environments.create().id];
    this.#started = { api, command, cli, folder, environment, agent, environmentId, keys };
  }

  get #now(): Started {
    if (this.#started === undefined) {
      throw new Error("the world starts before the first test");
    }
    return this.#started;
  }

  get api() {
    return this.#now.api;
  }

  get cli() {
    return this.#now.cli;
  }

  get folder() {
    return this.#now.folder;
  }

  get environment() {
    return this.#now.environment;
  }

  get agent() {
    return this.#now.agent;
  }

  get environmentId() {
    return this.#now.environmentId;
  }

  async stop(): Promise<void> {
    const { api, keys, folder } = this.#now;
    this.#started = undefined;
    await Promise.all([api.close(), keys.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }

  args() {
    return {
      agent: this.agent,
      environmentId: this.environmentId,
      initialEvents: [{ type: "user.message" as const, content: "Generate today's status report" }],
    };
  }

  /** The paths of the writes since the last call, with the names of deployments and the word AGENT in place of their ids. */
  writes(): string[] {
    const names = new Map(this.api.deployments.all().map(({ id, name }) => [id, name]));
    const paths = this.api.requests.flatMap(({ method, path }) =>
      method === "GET" ? [] : [path.replace(/dep_\w+/, (id) => names.get(id) ?? id).replace(/agent_\w+/, "AGENT")],
    );
    this.api.clearRequests();
    return paths;
  }

  sent(): unknown[] {
    return takeRequests(this.api);
  }

  get live() {
    const [deployment, ...others] = this.api.deployments.live();
    if (deployment === undefined || others.length > 0) {
      throw new Error(`expected one live deployment, found ${others.length + (deployment === undefined ? 0 : 1)}`);
    }
    return deployment;
  }

  /** The provider process starts in `main`, and finds this package from there. */
  async stack(
    name = "dev",
    environment: Readonly<Record<string, string>> = {},
    main: string = repository,
    project = engineProject,
  ): Promise<EngineStack> {
    const stack = await LocalWorkspace.createStack(
      { stackName: name, projectName: project, program: async () => {} },
      {
        pulumiCommand: this.#now.command,
        secretsProvider: KeyService.provider,
        workDir: this.folder,
        envVars: { ...this.environment, ...environment },
        projectSettings: { name: project, runtime: "nodejs", main },
      },
    );
    return new EngineStack(stack, () => stateFile(this, name));
  }
}

/** The state file of the back end, with encrypted secrets. */
export function stateFile(world: EngineWorld, stack = "dev", project = engineProject): string {
  return readFileSync(join(world.folder, "state", ".pulumi", "stacks", project, `${stack}.json`), "utf8");
}
