import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Credentials, StoredCredential } from "../credentials";
import { ApiError } from "../errors";
import { optionalJsonOf, ownerOf } from "../exchange";
import { pageQuery } from "../pagination";
import { parseBody } from "../parse";
import { emptySchema } from "../request-schemas";
import type { Service } from "../service";
import type { StoredVault, Vaults } from "../vaults";
import { isInRange, objectRoutes } from "./objects";
import { flag, isNamed } from "./queries";
import type { Writes } from "./writes";

/** Neither list has a filter for the time. */
const listQuery = z.object({ ...pageQuery, include_archived: flag.optional(), name: z.string().optional() });
const vaultParams = z.object({ vault_id: z.string() });

export function vaultRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  { vaults, credentials }: { vaults: Vaults; credentials: Credentials },
): void {
  const collection = { writes, switches, listQuery };
  const isListed = ({ fields }: StoredVault | StoredCredential, query: z.infer<typeof listQuery>) =>
    isInRange(fields, query) && isNamed(fields.display_name, query.name, switches);
  const vaultOf = (request: FastifyRequest) =>
    vaults.read(ownerOf(request), vaultParams.parse(request.params).vault_id);
  const isIn = (vault: StoredVault) => (stored: StoredCredential) => stored.fields.vault_id === vault.id;

  objectRoutes(app, {
    ...collection,
    path: "/vaults",
    objects: vaults,
    isListed,
    create: (owner, body) => vaults.create(owner, body),
    created: (stored) => ({ ...vaults.reply(stored, "write"), credentials: [] }),
    remove: (stored) => vaults.delete(stored),
    updates: "none",
  });
  app.post("/vaults/:id", () => {
    throw new ApiError(switches.vaultUpdate, "Not found.");
  });

  const path = "/vaults/:vault_id/credentials";
  const found = objectRoutes(app, {
    ...collection,
    path,
    objects: credentials,
    scope: (request) => isIn(vaultOf(request)),
    isListed,
    create: (_owner, body, request) => credentials.create(vaultOf(request), body),
    remove: (stored) => credentials.delete(stored),
  });
  app.post(`${path}/:id/mcp_oauth_validate`, (request, response) =>
    writes.answer(request, response, () => {
      parseBody(emptySchema, optionalJsonOf(request), switches);
      return credentials.validate(found(request));
    }),
  );
}
