import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { formOf } from "../exchange";
import type { FileLinks } from "../file-links";
import type { Files } from "../files";
import type { Models } from "../models";
import { pageQuery } from "../pagination";
import type { Service } from "../service";
import { objectRoutes } from "./objects";
import { isNamed } from "./queries";
import type { Writes } from "./writes";

/** The limit of `ids[]` in "List files". */
const MAX_IDS = 100;

const listQuery = z
  .object({
    ...pageQuery,
    name: z.string().optional(),
    scope_id: z.string().optional(),
    "ids[]": z.array(z.string()).max(MAX_IDS).optional(),
  })
  .refine(({ page, limit, "ids[]": ids }) => ids === undefined || (page === undefined && limit === undefined), {
    path: ["ids[]"],
  })
  .transform((query) => (query["ids[]"] === undefined ? query : { ...query, limit: MAX_IDS }));

export function fileRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  { files, fileLinks }: { files: Files; fileLinks: FileLinks },
): void {
  const found = objectRoutes(app, {
    path: "/files",
    objects: files,
    writes,
    switches,
    listQuery,
    isListed: ({ id, fields }, { name, scope_id, "ids[]": ids }) =>
      isNamed(fields.filename, name, switches) &&
      (scope_id === undefined || fields.scope?.id === scope_id) &&
      (ids === undefined || ids.includes(id)),
    bodies: "form",
    create: (owner, _body, request) => files.create(owner, formOf(request)),
    remove: (stored) => files.delete(stored),
    updates: "none",
    archives: "none",
  });
  app.get("/files/:id/content", (request) => fileLinks.make(found(request), `${request.protocol}://${request.host}`));
}

export function modelRoutes(app: FastifyInstance, models: Models): void {
  app.get("/models", () => models.list());
}
