import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Environments } from "../environments";
import type { Service } from "../service";
import { isInRange, objectRoutes, sharedListQuery } from "./objects";
import type { Writes } from "./writes";

const listQuery = z.object(sharedListQuery);

export function environmentRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  environments: Environments,
): void {
  objectRoutes(app, {
    path: "/environments",
    objects: environments,
    writes,
    switches,
    listQuery,
    isListed: (stored, query) => isInRange(stored.fields, query),
    create: (owner, body) => environments.create(owner, body),
    remove: (stored) => environments.delete(stored),
  });
}
