import type { FastifyInstance } from "fastify";
import type { Agents } from "../agents";
import type { Deployments } from "../deployments";
import type { Environments } from "../environments";
import { IdempotencyKeys } from "../idempotency";
import type { Runs } from "../runs";
import type { Service } from "../service";
import { agentRoutes, environmentRoutes } from "./agents-and-environments";
import { deploymentRoutes } from "./deployments";
import { runRoutes } from "./runs";
import { Writes } from "./writes";

export interface Resources {
  agents: Agents;
  environments: Environments;
  deployments: Deployments;
  runs: Runs;
}

export function registerRoutes(app: FastifyInstance, service: Service, resources: Resources): void {
  const writes = new Writes(new IdempotencyKeys(service));
  deploymentRoutes(app, service, writes, resources);
  runRoutes(app, service, resources);
  agentRoutes(app, service, writes, resources.agents);
  environmentRoutes(app, service, writes, resources.environments);
}
