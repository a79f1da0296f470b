import type { FastifyInstance } from "fastify";
import { type Agents, agentRoutes } from "./agents";
import type { Credentials } from "./credentials";
import { type Deployments, deploymentRoutes } from "./deployments";
import { type Environments, environmentRoutes } from "./environments";
import { type FileLinks, type Files, fileRoutes } from "./files";
import { IdempotencyKeys, Writes } from "./idempotency";
import type { Memories } from "./memories";
import { type MemoryStores, memoryStoreRoutes } from "./memory-stores";
import { type Models, modelRoutes } from "./models";
import { type Runs, runRoutes } from "./runs";
import type { Service } from "./service";
import { sessionRoutes } from "./session-routes";
import type { Sessions } from "./sessions";
import type { SkillVersions } from "./skill-versions";
import { type Skills, skillRoutes } from "./skills";
import { type Vaults, vaultRoutes } from "./vaults";

export interface Resources {
  agents: Agents;
  environments: Environments;
  deployments: Deployments;
  runs: Runs;
  sessions: Sessions;
  vaults: Vaults;
  credentials: Credentials;
  memoryStores: MemoryStores;
  memories: Memories;
  files: Files;
  fileLinks: FileLinks;
  skills: Skills;
  skillVersions: SkillVersions;
  models: Models;
}

/** Adds the endpoints of one more kind of objects. */
export type MoreRoutes = (app: FastifyInstance, service: Service, writes: Writes) => void;

export function registerRoutes(
  app: FastifyInstance,
  service: Service,
  resources: Resources,
  more: readonly MoreRoutes[],
): void {
  const keys = new IdempotencyKeys(service);
  const writes = new Writes(keys);
  const writesElsewhere = new Writes(keys, () => service.switches.idempotencyKeysElsewhere === "honour");
  const writesOfRuns = new Writes(keys, () => service.switches.idempotencyKeysForRuns === "honour");
  deploymentRoutes(app, service, { writes, writesOfRuns }, resources);
  runRoutes(app, service, resources);
  sessionRoutes(app, service, writesElsewhere, resources);
  agentRoutes(app, service, writes, resources.agents);
  environmentRoutes(app, service, writesElsewhere, resources.environments);
  vaultRoutes(app, service, writesElsewhere, resources);
  memoryStoreRoutes(app, service, writesElsewhere, resources);
  skillRoutes(app, service, writesElsewhere, resources);
  fileRoutes(app, service, writesElsewhere, resources);
  modelRoutes(app, resources.models);
  for (const register of more) register(app, service, writes);
}
