import { Agents } from "./agents";
import { type DeploymentOverwrite, Deployments } from "./deployments";
import { Environments } from "./environments";
import type { RecordedRequest } from "./exchange";
import type { Fault } from "./faults";
import { makeIds } from "./ids";
import type { Owner } from "./owners";
import { References } from "./references";
import { Runs } from "./runs";
import { Server } from "./server";
import type { Service } from "./service";
import type { StoredDeployment } from "./stored-deployment";
import { defaultSwitches, type Switches } from "./switches";
import type { Agent, Deployment, DeploymentRun, Environment, JsonObject } from "./wire";

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
  /** Queues a fault: the first that matches a request meets it. */
  fault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

/**
 * What a person does at the console, beside the API: same rules, but no request is recorded. New objects belong to the
 * first account unless told otherwise, in its default workspace.
 */
interface AgentConsole {
  create(overrides?: Partial<Agent>, account?: string, workspace?: string): Agent;
  get(id: string): Agent;
  bumpVersion(id: string): number;
  archive(id: string): Agent;
  remove(id: string): void;
}

interface EnvironmentConsole {
  create(overrides?: Partial<Environment>, account?: string, workspace?: string): Environment;
  get(id: string): Environment;
  archive(id: string): Environment;
  remove(id: string): void;
}

interface DeploymentConsole {
  create(body: JsonObject, account?: string, workspace?: string): Deployment;
  get(id: string): Deployment;
  all(): Deployment[];
  live(): Deployment[];
  edit(id: string, patch: JsonObject): Deployment;
  /** Sets what the server has stored, without any rule. `metadata` is merged at every depth. */
  overwrite(id: string, fields: DeploymentOverwrite): Deployment;
  pause(id: string): Deployment;
  pauseByError(id: string, errorType: string): Deployment;
  unpause(id: string): Deployment;
  archive(id: string): Deployment;
  /** It vanishes: a GET answers 404. */
  remove(id: string): void;
  run(id: string): DeploymentRun;
}

export async function startQoderApi(options: QoderApiOptions = {}): Promise<QoderApi> {
  const { tokens = { "pt-test": "default" }, clock = () => new Date() } = options;
  const switches = { ...defaultSwitches(), ...options.switches };
  const service: Service = { clock, makeId: makeIds(clock, options.seed), switches };
  const agents = new Agents(service);
  const environments = new Environments(service);
  const runs = new Runs(service);
  const deployments = new Deployments(service, new References(agents, environments, switches), runs);
  const server = new Server(service, tokens, { agents, environments, deployments, runs });
  const ownerOf = (account = Object.values(tokens)[0] ?? "default", workspace = ""): Owner => ({ account, workspace });
  const url = await server.listen(options.port ?? 0);
  return {
    url,
    requests: server.requests,
    clearRequests: () => {
      server.requests.length = 0;
    },
    switches,
    agents: {
      create: (overrides, account, workspace) => agents.create(ownerOf(account, workspace), overrides),
      get: (id) => agents.get(id),
      bumpVersion: (id) => agents.bumpVersion(id),
      archive: (id) => agents.archiveAny(id),
      remove: (id) => agents.remove(id),
    },
    environments: {
      create: (overrides, account, workspace) => environments.create(ownerOf(account, workspace), overrides),
      get: (id) => environments.get(id),
      archive: (id) => environments.archiveAny(id),
      remove: (id) => environments.remove(id),
    },
    deployments: deploymentConsole(deployments, runs, ownerOf),
    fault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    close: () => server.close(),
  };
}

function deploymentConsole(
  deployments: Deployments,
  runs: Runs,
  ownerOf: (account?: string, workspace?: string) => Owner,
): DeploymentConsole {
  const of = (id: string) => deployments.require(id);
  const reply = (stored: StoredDeployment) => deployments.reply(stored);
  return {
    create: (body, account, workspace) => reply(deployments.create(ownerOf(account, workspace), body)),
    get: (id) => reply(of(id)),
    all: () => deployments.all().map(reply),
    live: () =>
      deployments
        .all()
        .filter((stored) => stored.fields.archived_at === null)
        .map(reply),
    edit: (id, patch) => reply(deployments.update(of(id), patch)),
    overwrite: (id, fields) => reply(deployments.overwrite(of(id), fields)),
    pause: (id) => reply(deployments.pause(of(id), {})),
    pauseByError: (id, errorType) => reply(deployments.pauseByError(of(id), errorType)),
    unpause: (id) => reply(deployments.unpause(of(id), {})),
    archive: (id) => reply(deployments.archive(of(id), {})),
    remove: (id) => deployments.remove(id),
    run: (id) => runs.reply(deployments.run(of(id), {})),
  };
}
