import { notFound } from "./errors";
import { OwnedStore, type Owner } from "./owners";
import type { Service } from "./service";
import { microseconds } from "./timestamps";
import type { JsonObject } from "./wire";

interface LookedUpObject {
  readonly id: string;
  readonly owner: Owner;
  fields: JsonObject;
}

interface LookedUpKind {
  readonly noun: string;
  readonly prefix: string;
  /** The members beside the id and the times, as the page shows them. */
  readonly members: JsonObject;
}

/** "API reference: files". */
export const fileKind: LookedUpKind = {
  noun: "File",
  prefix: "file",
  members: {
    type: "file",
    filename: "file.txt",
    mime_type: "text/plain",
    size_bytes: 1,
    downloadable: false,
    scope: null,
    metadata: {},
  },
};

/** Objects that deployments name and that the stand-in only shows: a person makes them at its console. */
export class LookedUpObjects extends OwnedStore<LookedUpObject> {
  constructor(
    private readonly service: Service,
    private readonly kind: LookedUpKind,
  ) {
    super();
  }

  place(owner: Owner, overrides: JsonObject): JsonObject {
    const id = String(overrides["id"] ?? this.service.makeId(this.kind.prefix));
    const now = microseconds(this.service.clock());
    const fields = { ...this.kind.members, created_at: now, updated_at: now, ...overrides, id };
    return this.add({ id, owner, fields }).fields;
  }

  /** What a request by id meets. */
  read(owner: Owner, id: string): JsonObject {
    const stored = this.find(owner, id);
    if (stored === undefined) throw notFound(`${this.kind.noun} '${id}' was not found.`);
    return stored.fields;
  }
}
