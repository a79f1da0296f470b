import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Environments } from "../environments";
import { ownerOf } from "../exchange";
import type { Service } from "../service";
import { isInRange, objectRoutes, sharedListQuery } from "./objects";
import { idOf } from "./queries";
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
  });

  app.delete("/environments/:id", (request, response) =>
    writes.answer(request, response, () => environments.delete(environments.read(ownerOf(request), idOf(request)))),
  );
}
