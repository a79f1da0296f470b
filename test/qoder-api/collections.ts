import type { FastifyInstance } from "fastify";
import { Agents, agentRoutes } from "./agents";
import { Credentials } from "./credentials";
import { Deployments, deploymentRoutes } from "./deployments";
import { Environments, environmentRoutes } from "./environments";
import { FileLinks, Files, fileRoutes } from "./files";
import { IdempotencyKeys, Writes } from "./idempotency";
import { MemoryStores, memoryStoreRoutes } from "./memory-stores";
import { Models, modelRoutes } from "./models";
import { References } from "./references";
import { Runs, runRoutes } from "./runs";
import type { Service } from "./service";
import { ServiceAccounts } from "./service-accounts";
import { Sessions, sessionRoutes } from "./sessions";
import { SkillReferences, SkillVersions } from "./skill-versions";
import { Skills, skillRoutes } from "./skills";
import { Vaults, vaultRoutes } from "./vaults";

/** The objects of each kind, none at first. */
export type Collections = ReturnType<typeof emptyCollections>;

export function emptyCollections(service: Service) {
  const { switches } = service;
  const skillVersions = new SkillVersions(service);
  const skills = new Skills(service, skillVersions);
  const skillReferences = new SkillReferences(skills, skillVersions);
  const models = new Models(switches);
  const agents = new Agents(service, skillReferences);
  const sessions = new Sessions(service, agents, models);
  const runs = new Runs(service, sessions);
  const environments = new Environments(service, runs);
  const credentials = new Credentials(service);
  const vaults = new Vaults(service, credentials);
  const memoryStores = new MemoryStores(service);
  const files = new Files(service, (fileId) => sessions.isFileInUse(fileId));
  const references = new References({ agents, environments, vaults, memoryStores, files, skills: skillReferences });
  const deployments = new Deployments(service, references, runs);
  return {
    ...{ agents, environments, deployments, runs, sessions, vaults, credentials, memoryStores },
    ...{ skills, skillVersions, files, fileLinks: new FileLinks(service, files), models },
    serviceAccounts: new ServiceAccounts(service),
  };
}

/** Adds the endpoints of one more kind of objects. */
export type MoreRoutes = (app: FastifyInstance, service: Service, writes: Writes) => void;

export function registerRoutes(
  app: FastifyInstance,
  service: Service,
  collections: Collections,
  more: readonly MoreRoutes[],
): void {
  const { switches } = service;
  const keys = new IdempotencyKeys(service);
  const writes = new Writes(keys);
  const writesOfRuns = new Writes(keys, () => switches.idempotencyKeysForRuns === "honour");
  const routes = { app, switches, writes };
  const elsewhere = {
    ...routes,
    writes: new Writes(keys, () => switches.idempotencyKeysElsewhere === "honour"),
  };
  deploymentRoutes(routes, writesOfRuns, collections);
  runRoutes(routes, collections);
  agentRoutes(routes, collections.agents);
  environmentRoutes(elsewhere, collections.environments);
  for (const register of [sessionRoutes, vaultRoutes, memoryStoreRoutes, skillRoutes, fileRoutes]) {
    register(elsewhere, collections);
  }
  modelRoutes(app, collections.models);
  for (const register of more) register(app, service, writes);
}
