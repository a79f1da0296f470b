import { Agents } from "./agents";
import type { MoreRoutes } from "./collections";
import {
  type AgentConsole,
  agentConsole,
  type DeploymentConsole,
  deploymentConsole,
  type EnvironmentConsole,
  environmentConsole,
  type RunConsole,
  runConsole,
} from "./console";
import { Credentials } from "./credentials";
import { Deployments } from "./deployments";
import { Environments } from "./environments";
import type { RecordedRequest } from "./exchange";
import type { Fault } from "./faults";
import { FileLinks, Files } from "./files";
import { Memories } from "./memories";
import { MemoryStores } from "./memory-stores";
import { Models } from "./models";
import type { Owner } from "./owners";
import { Attachments, References } from "./references";
import { Runs } from "./runs";
import { Server } from "./server";
import { makeIds, type Service } from "./service";
import { type ServiceAccount, ServiceAccounts } from "./service-accounts";
import { type SessionConsole, sessionConsole } from "./session-console";
import { Sessions } from "./sessions";
import { SkillReferences, SkillVersions } from "./skill-versions";
import { Skills } from "./skills";
import { defaultSwitches, type Switches } from "./switches";
import { type FileConsole, fileConsole, type SkillConsole, skillConsole } from "./upload-console";
import {
  type CredentialConsole,
  credentialConsole,
  type MemoryConsole,
  type MemoryStoreConsole,
  memoryConsole,
  memoryStoreConsole,
  type VaultConsole,
  vaultConsole,
} from "./vault-console";
import { Vaults } from "./vaults";
import type { ModelInfo } from "./wire";

export type { Fault } from "./faults";
export type { Switches } from "./switches";

export interface QoderApiOptions {
  /** The port on 127.0.0.1; 0, the default, means any free port. */
  port?: number;
  /** The account names by bearer tokens. Objects of one account answer 404 to all others. */
  tokens?: Record<string, string>;
  clock?: () => Date;
  /** The seed of the ids, for repeatable ids. */
  seed?: number;
  switches?: Partial<Switches>;
  /** Further kinds of objects, which the API does not have, for tests of behaviour that all kinds share. */
  moreRoutes?: readonly MoreRoutes[];
  /** Called for each request after its answer, or after its connection was cut. */
  onAnswered?: (record: RecordedRequest, tookMs: number) => void;
}

/** Service accounts, for which the service has no public endpoint. */
interface ServiceAccountConsole {
  /** Adds a service account with a key, for objects of the first account unless `account` names another. */
  create(options?: { account?: string; key?: string }): ServiceAccount;
  /** The service refuses the key from now on; issued tokens stay valid. */
  revoke(id: string): void;
  /** The service refuses the issued tokens from now on. */
  endTokens(id: string): void;
}

export interface QoderApi {
  /** The base URL for clients. */
  readonly url: string;
  /** The host that exchanges the keys of service accounts for tokens. */
  readonly exchangeHost: string;
  /** Every request in the order of arrival. */
  readonly requests: RecordedRequest[];
  clearRequests(): void;
  readonly switches: Switches;
  readonly agents: AgentConsole;
  readonly environments: EnvironmentConsole;
  readonly deployments: DeploymentConsole;
  readonly runs: RunConsole;
  readonly sessions: SessionConsole;
  readonly vaults: VaultConsole;
  readonly credentials: CredentialConsole;
  readonly memoryStores: MemoryStoreConsole;
  readonly memories: MemoryConsole;
  readonly files: FileConsole;
  readonly skills: SkillConsole;
  /** The catalogue of models. Tests change the list itself. */
  readonly models: ModelInfo[];
  readonly serviceAccounts: ServiceAccountConsole;
  /** Queues a fault. A request meets the first fault that matches it. */
  fault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
}

export async function startQoderApi(options: QoderApiOptions = {}): Promise<QoderApi> {
  const { tokens = { "pt-test": "default" }, clock = () => new Date() } = options;
  const switches = { ...defaultSwitches(), ...options.switches };
  const service: Service = { clock, makeId: makeIds(clock, switches, options.seed), switches };
  const skillVersions = new SkillVersions(service);
  const skills = new Skills(service, skillVersions);
  const skillReferences = new SkillReferences(skills, skillVersions, switches);
  const models = new Models(switches);
  const agents = new Agents(service, skillReferences, models);
  const sessions = new Sessions(service, agents, models);
  const runs = new Runs(service, sessions);
  const environments = new Environments(service, runs);
  const credentials = new Credentials(service);
  const vaults = new Vaults(service, credentials);
  const memories = new Memories(service);
  const memoryStores = new MemoryStores(service, memories);
  const files = new Files(service, (fileId) => sessions.isFileInUse(fileId));
  const attachments = new Attachments({ vaults, memoryStores, files }, switches);
  const references = new References({ agents, environments, attachments, skills: skillReferences }, switches);
  const deployments = new Deployments(service, references, runs);
  const resources = {
    ...{ agents, environments, deployments, runs, sessions, vaults, credentials, memoryStores, memories },
    ...{ skills, skillVersions, files, fileLinks: new FileLinks(service, files), models },
  };
  const serviceAccounts = new ServiceAccounts(service);
  const server = new Server(service, { tokens, serviceAccounts }, resources, options);
  const ownerOf = (account = Object.values(tokens)[0] ?? "default", workspace = ""): Owner => ({ account, workspace });
  const url = await server.listen(options.port ?? 0);
  return {
    url,
    exchangeHost: new URL(url).origin,
    requests: server.requests,
    clearRequests: () => {
      server.requests.length = 0;
    },
    switches,
    agents: agentConsole(agents, ownerOf),
    environments: environmentConsole(environments, ownerOf),
    deployments: deploymentConsole(deployments, runs, ownerOf, clock),
    runs: runConsole(runs),
    sessions: sessionConsole(sessions, service, ownerOf),
    vaults: vaultConsole(vaults, ownerOf),
    credentials: credentialConsole(credentials, vaults),
    memoryStores: memoryStoreConsole(memoryStores, ownerOf),
    memories: memoryConsole(memories, memoryStores),
    files: fileConsole(files, ownerOf),
    skills: skillConsole(skills, skillVersions, ownerOf),
    models: models.all,
    serviceAccounts: {
      create: ({ account, key } = {}) => serviceAccounts.create(ownerOf(account).account, key),
      revoke: (id) => serviceAccounts.revoke(id),
      endTokens: (id) => serviceAccounts.endTokens(id),
    },
    fault: (fault) => server.faults.add(fault),
    clearFaults: () => server.faults.clear(),
    close: () => server.close(),
  };
}
