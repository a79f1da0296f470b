import { Agents } from "./agents";
import { Attachments } from "./attachments";
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
import { FileLinks } from "./file-links";
import { Files } from "./files";
import { makeIds } from "./ids";
import { Memories } from "./memories";
import { type MemoryConsole, type MemoryStoreConsole, memoryConsole, memoryStoreConsole } from "./memory-consoles";
import { MemoryStores } from "./memory-stores";
import { Models } from "./models";
import type { Owner } from "./owners";
import { References } from "./references";
import type { MoreRoutes } from "./routes";
import { Runs } from "./runs";
import { Server } from "./server";
import type { Service } from "./service";
import { type ServiceAccount, ServiceAccounts } from "./service-accounts";
import { type SessionConsole, sessionConsole } from "./session-console";
import { Sessions } from "./sessions";
import { SkillReferences } from "./skill-references";
import { SkillVersions } from "./skill-versions";
import { Skills } from "./skills";
import { defaultSwitches, type Switches } from "./switches";
import { type FileConsole, fileConsole, type SkillConsole, skillConsole } from "./upload-consoles";
import { type CredentialConsole, credentialConsole, type VaultConsole, vaultConsole } from "./vault-consoles";
import { Vaults } from "./vaults";
import type { ModelInfo } from "./wire";

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
  /** Hears of each request when it has been answered, or its connection was cut. */
  onAnswered?: (record: RecordedRequest, tookMs: number) => void;
}

/** What the service has no public endpoint for. */
interface ServiceAccountConsole {
  /** One with a key, for the objects of the first account unless told otherwise. */
  create(options?: { account?: string; key?: string }): ServiceAccount;
  /** Its key is exchanged no more; the tokens that it got live on. */
  revoke(id: string): void;
  /** Its tokens are refused from now on. */
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
  /** The catalogue, which a person changes in place. */
  readonly models: ModelInfo[];
  readonly serviceAccounts: ServiceAccountConsole;
  /** Queues a fault: the first that matches a request meets it. */
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
