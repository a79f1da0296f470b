import { Config } from "@pulumi/pulumi/cmd/dynamic-provider/config";
import { agentKind } from "../../provider/agent/kind";
import { deploymentKind } from "../../provider/deployment/kind";
import { environmentKind } from "../../provider/environment/kind";
import { fileKind } from "../../provider/file/kind";
import { agents, deployments, environments, files } from "../../provider/kinds/table";
import { KindProvider } from "../../provider/resource/provider";
import { Session } from "../../provider/resource/session/session";
import type { Properties } from "./provider";
import { originOf } from "./simulated-stack";
import type { World } from "./world";

/** The request that shows if the service accepts the token. */
export const tokenProbe = "GET /deployments?limit=1";
/** The request that shows which names are taken. */
export const nameList = "GET /deployments?limit=100";

interface Options {
  readonly config?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The facts about the command that the program adds to the inputs. */
  readonly command?: Properties;
}

interface Declaration {
  readonly kind?: keyof AskingPreview["providers"];
  readonly name?: string;
  /** The recorded inputs. */
  readonly olds?: Properties;
}

/** One command in which the engine checks resources of all kinds, one after the other. */
export class AskingPreview {
  readonly providers;
  readonly #warnings: string[] = [];
  readonly #infos: string[] = [];
  readonly #session: Session;
  readonly #command: Properties;

  constructor(
    private readonly world: World,
    { config = {}, environment = { QODER_PAT: "pt-test" }, command = { isPreview: true, verify: true } }: Options = {},
  ) {
    const session = new Session({
      clock: world.clock,
      environment: { QODER_BASE_URL: world.api.url, ...environment },
      tell: async ({ severity, text }) => {
        (severity === "warning" ? this.#warnings : this.#infos).push(text);
      },
    });
    this.providers = {
      deployment: new KindProvider(deploymentKind, session),
      agent: new KindProvider(agentKind, session),
      environment: new KindProvider(environmentKind, session),
      file: new KindProvider(fileKind, session),
    };
    this.#session = session;
    this.#command = command;
    for (const provider of Object.values(this.providers)) {
      void provider.configure({ config: new Config({ ...config }, "project") });
    }
  }

  async check(args: Properties, { kind = "deployment", name = "daily", olds = {} }: Declaration = {}) {
    const declared = this.#declared(args, kind, name);
    const { __origin } = declared;
    const recorded = Object.keys(olds).length === 0 ? olds : { __origin, ...olds };
    const { failures = [] } = await this.world.clock.during(() => this.providers[kind].check(recorded, declared));
    return failures.map(({ reason }) => reason);
  }

  /** Compares a declaration that `check` has seen with its recorded inputs. */
  async diff(args: Properties, { kind = "deployment", name = "daily", olds = {} }: Declaration = {}): Promise<void> {
    const [before, after] = [olds, args].map((given) => this.#declared(given, kind, name));
    await this.world.clock.during(() => this.providers[kind].diff(`dep_${name}`, before ?? {}, after ?? {}));
  }

  #declared(args: Properties, kind: keyof AskingPreview["providers"], name: string) {
    const rows = { deployment: deployments, agent: agents, environment: environments, file: files };
    return { name, __origin: originOf(rows[kind].type, "dev", name), __command: this.#command, ...args };
  }

  /** Ends the command, and returns the warnings of all resources. */
  async warnings(): Promise<readonly string[]> {
    await this.#session.remarks.end();
    return this.#warnings;
  }

  /** Ends the command, and returns the remarks of all resources that are no warnings. */
  async infos(): Promise<readonly string[]> {
    await this.#session.remarks.end();
    return this.#infos;
  }

  /** Every request since the last call, with its query. */
  asked(): string[] {
    const lines = this.world.api.requests.map(({ method, path, query }) => {
      const search = new URLSearchParams(query).toString();
      return search === "" ? `${method} ${path}` : `${method} ${path}?${search}`;
    });
    this.world.api.clearRequests();
    return lines;
  }
}
