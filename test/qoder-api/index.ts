import { Agents } from "./agents";
import {
  type AgentConsole,
  agentConsole,
  type DeploymentConsole,
  deploymentConsole,
  type EnvironmentConsole,
  environmentConsole,
  type LookedUpConsole,
  lookedUpConsole,
  type RunConsole,
  runConsole,
} from "./console";
import { Deployments } from "./deployments";
import { Environments } from "./environments";
import type { RecordedRequest } from "./exchange";
import type { Fault } from "./faults";
import { makeIds } from "./ids";
import { fileKind, LookedUpObjects, memoryStoreKind, vaultKind } from "./looked-up-objects";
import type { Owner } from "./owners";
import { References } from "./references";
import type { MoreRoutes } from "./routes";
import { Runs } from "./runs";
import { Server } from "./server";
import type { Service } from "./service";
import { defaultSwitches, type Switches } from "./switches";

export type { Fault } from "./faults";
export type { Switches } from "./switches";

export interface QoderApiOptions {
  /** 0, the default, is any free port. The server listens on 127.0.0.1 only. */
  port?: number;
  /** Account name by bearer token. What belongs to one account is 404 for the others. */
  tokens?: Record<string, string>;
  clock?: () => Date;
  /** Makes ids repeatable. */
  seed?: number;
  switches?: Partial<Switches>;
  /** Kinds of objects that the API does not have: for tests of what holds for any kind. */
  moreRoutes?: readonly MoreRoutes[];
}

export interface QoderApi {
  /** The base URL for clients. */
  readonly url: string;
  /** Every request in the order of arrival. */
  readonly requests: RecordedRequest[];
  clearRequests(): void;
  readonly switches: Switches;
  readonly agents: AgentConsole;
  readonly environments: EnvironmentConsole;
  readonly deployments: DeploymentConsole;
  readonly runs: RunConsole;
  readonly vaults: LookedUpConsole;
  readonly memoryStores: LookedUpConsole;
  readonly files: LookedUpConsole;
  /** Queues a fault: the first that matches a request meets it. */
  fault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

export async function startQoderApi(options: QoderApiOptions = {}): Promise<QoderApi> {
  const { tokens = { "pt-test": "default" }, clock = () => new Date() } = options;
  const switches = { ...defaultSwitches(), ...options.switches };
  const service: Service = { clock, makeId: makeIds(clock, switches, options.seed), switches };
  const agents = new Agents(service);
  const runs = new Runs(service);
  const environments = new Environments(service, runs);
  const deployments = new Deployments(service, new References(agents, environments, switches), runs);
  const vaults = new LookedUpObjects(service, vaultKind);
  const memoryStores = new LookedUpObjects(service, memoryStoreKind);
  const files = new LookedUpObjects(service, fileKind);
  const resources = { agents, environments, deployments, runs, vaults, memoryStores, files };
  const server = new Server(service, tokens, resources, options.moreRoutes ?? []);
  const ownerOf = (account = Object.values(tokens)[0] ?? "default", workspace = ""): Owner => ({ account, workspace });
  const url = await server.listen(options.port ?? 0);
  return {
    url,
    requests: server.requests,
    clearRequests: () => {
      server.requests.length = 0;
    },
    switches,
    agents: agentConsole(agents, ownerOf),
    environments: environmentConsole(environments, ownerOf),
    deployments: deploymentConsole(deployments, runs, ownerOf, clock),
    runs: runConsole(runs),
    vaults: lookedUpConsole(vaults, ownerOf),
    memoryStores: lookedUpConsole(memoryStores, ownerOf),
    files: lookedUpConsole(files, ownerOf),
    fault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    close: () => server.close(),
  };
}
