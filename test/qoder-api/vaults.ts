import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Credentials, StoredCredential } from "./credentials";
import { notFound } from "./errors";
import { optionalJsonOf, ownerOf } from "./exchange";
import { type Owner, PatchedObjects, type StoredObject } from "./managed-objects";
import { flag, idOf, objectRoutes, pageQuery, type Routes } from "./object-routes";
import { atMost, deletions, emptySchema, mergedMetadata, metadata, parseBody } from "./parse";
import type { Service } from "./service";
import type { Vault } from "./wire";

const display_name = z.string().min(1, "must not be empty").refine(atMost(255), "must be at most 255 characters");

/** "Create a vault" always creates an empty vault. */
const createSchema = z.strictObject({ display_name, metadata: metadata.optional() });
/** A person at the console changes these members; no page has an endpoint for this. */
const editSchema = createSchema.partial();
type VaultPatch = z.infer<typeof editSchema>;

export class Vaults extends PatchedObjects<Vault, Vault, VaultPatch> {
  constructor(
    service: Service,
    private readonly credentials: Credentials,
  ) {
    super(service, {
      noun: "Vault",
      schemas: { create: createSchema, update: editSchema },
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
    });
  }

  /** "Delete a vault" deletes it with all credentials, even if deployments name it. */
  override remove(id: string): void {
    super.remove(id);
    this.credentials.removeAllOf(id);
  }

  protected render({ fields }: StoredObject<Vault>): Vault {
    return structuredClone(fields);
  }

  override nameOf({ display_name: name }: Vault): string {
    return name;
  }

  protected patched(_owner: Owner, base: Vault, patch: VaultPatch, isCreate: boolean): Vault {
    return {
      ...base,
      display_name: patch.display_name ?? base.display_name,
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
    };
  }

  protected blank(): Vault {
    return {
      ...this.newborn(this.service.makeId("vault")),
      type: "vault",
      display_name: "vault",
    };
  }
}

/** Neither list has a filter for the time. */
const listQuery = z.object({ ...pageQuery, include_archived: flag.optional(), name: z.string().optional() });

export function vaultRoutes(
  shared: Routes,
  { vaults, credentials }: { vaults: Vaults; credentials: Credentials },
): void {
  const { app, switches, writes } = shared;
  const collection = { ...shared, listQuery };
  const vaultOf = (request: FastifyRequest) => vaults.read(ownerOf(request), idOf(request, "vault_id"));
  const isIn = (vault: StoredObject) => (stored: StoredCredential) => stored.fields.vault_id === vault.id;

  objectRoutes(app, {
    ...collection,
    path: "/vaults",
    objects: vaults,
    create: (owner, body) => vaults.create(owner, body),
    created: (stored) => ({ ...vaults.reply(stored, "write"), credentials: [] }),
    remove: (stored) => vaults.delete(stored),
    updates: "none",
  });
  app.post("/vaults/:id", () => {
    throw notFound("Not found.");
  });

  const path = "/vaults/:vault_id/credentials";
  const found = objectRoutes(app, {
    ...collection,
    path,
    objects: credentials,
    scope: (request) => isIn(vaultOf(request)),
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
