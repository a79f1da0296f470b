import type { FastifyInstance } from "fastify";
import type { Agents } from "../agents";
import type { Credentials } from "../credentials";
import type { Deployments } from "../deployments";
import type { Environments } from "../environments";
import type { FileLinks } from "../file-links";
import type { Files } from "../files";
import { IdempotencyKeys } from "../idempotency";
import type { Memories } from "../memories";
import type { MemoryStores } from "../memory-stores";
import type { Models } from "../models";
import type { Runs } from "../runs";
import type { Service } from "../service";
import type { Sessions } from "../sessions";
import type { SkillVersions } from "../skill-versions";
import type { Skills } from "../skills";
import type { Vaults } from "../vaults";
import { agentRoutes } from "./agents";
import { deploymentRoutes } from "./deployments";
import { environmentRoutes } from "./environments";
import { fileRoutes, modelRoutes } from "./files";
import { memoryStoreRoutes } from "./memory-stores";
import { runRoutes } from "./runs";
import { sessionRoutes } from "./sessions";
import { skillRoutes } from "./skills";
import { vaultRoutes } from "./vaults";
import { Writes } from "./writes";

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
