import type { FastifyInstance } from "fastify";
import { ownerOf } from "../exchange";
import type { LookedUpObjects } from "../looked-up-objects";
import { idOf } from "./queries";

export function lookedUpRoutes(app: FastifyInstance, path: string, objects: LookedUpObjects): void {
  app.get(`${path}/:id`, (request) => objects.read(ownerOf(request), idOf(request)));
}
