import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Credentials, StoredCredential } from "./credentials";
import { ApiError } from "./errors";
import { optionalJsonOf, ownerOf } from "./exchange";
import type { Writes } from "./idempotency";
import { flag, isInRange, isNamed, pageQuery } from "./lists";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { objectRoutes } from "./object-routes";
import type { Owner } from "./owners";
import { atMost, emptySchema, parseBody } from "./parse";
import { microseconds, type Service } from "./service";
import type { JsonObject, Vault } from "./wire";

export interface StoredVault extends StoredObject {
  fields: Vault;
}

const display_name = z.string().min(1, "must not be empty").refine(atMost(255), "must be at most 255 characters");

/** "Create a vault" always creates an empty vault. */
const createSchema = z.strictObject({ display_name, metadata: metadata.optional() });
const editSchema = createSchema.partial();

export class Vaults extends ManagedObjects<StoredVault, Vault> {
  readonly #credentials: Credentials;

  constructor(service: Service, credentials: Credentials) {
    super(service, {
      noun: "Vault",
      article: "A",
      stamp: microseconds,
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveElsewhereTwice,
    });
    this.#credentials = credentials;
  }

  create(owner: Owner, body: unknown): StoredVault {
    const given = parseBody(createSchema, body, this.service.switches);
    const fields = this.#patched(this.#blank(), given, true);
    this.refuseTakenName(owner, fields);
    return this.#keep(owner, fields);
  }

  /** Adds an object without any check. */
  place(owner: Owner, overrides: Partial<Vault>): StoredVault {
    return this.#keep(owner, { ...this.#blank(), ...overrides });
  }

  /** Changes a vault as a person at the console does; no page has an endpoint for this. */
  update(stored: StoredVault, body: unknown): StoredVault {
    this.refuseArchived(stored);
    const patch = parseBody(editSchema, body, this.service.switches);
    return this.apply(stored, patch, () => this.#patched(stored.fields, patch, false));
  }

  override archive(stored: StoredVault, body: unknown): StoredVault {
    super.archive(stored, body);
    if (this.service.switches.archivedVault === "archive-credentials") this.#credentials.archiveAllOf(stored);
    return stored;
  }

  /** "Delete a vault" deletes it for ever, with all credentials, even if deployments name it. */
  delete({ id }: StoredVault): JsonObject {
    this.remove(id);
    return { id, type: "vault_deleted" };
  }

  override remove(id: string): void {
    super.remove(id);
    this.#credentials.removeAllOf(id);
  }

  protected render({ fields }: StoredVault): Vault {
    return structuredClone(fields);
  }

  protected override nameOf({ display_name: name }: Vault): string {
    return name;
  }

  #patched(base: Vault, patch: z.infer<typeof editSchema>, isCreate: boolean): Vault {
    return {
      ...base,
      display_name: patch.display_name ?? base.display_name,
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
    };
  }

  #keep(owner: Owner, fields: Vault): StoredVault {
    return this.add({ id: fields.id, owner, fields });
  }

  #blank(): Vault {
    const now = this.now();
    return {
      id: this.service.makeId("vault"),
      type: "vault",
      display_name: "vault",
      metadata: {},
      archived_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}

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
