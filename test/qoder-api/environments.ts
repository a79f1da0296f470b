import { z } from "zod";
import { conflict, notFound } from "./errors";
import { OwnedStore, type Owner } from "./owners";
import { parseBody } from "./parse";
import type { Service } from "./service";
import { trimmedFraction } from "./timestamps";
import type { Environment } from "./wire";

const createSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().default(""),
  config: z.looseObject({ type: z.enum(["cloud", "self_hosted"]) }).default({ type: "cloud" }),
  metadata: z.record(z.string(), z.string()).default({}),
});

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };

interface StoredEnvironment {
  id: string;
  owner: Owner;
  environment: Environment;
}

export class Environments {
  readonly #service: Service;
  readonly #store = new OwnedStore<StoredEnvironment>();

  constructor(service: Service) {
    this.#service = service;
  }

  create(owner: Owner, overrides: Partial<Environment> = {}): Environment {
    const now = trimmedFraction(this.#service.clock());
    const environment: Environment = {
      id: this.#service.makeId("env"),
      type: "environment",
      name: "environment",
      description: "",
      config: { type: "cloud", packages: NO_PACKAGES },
      metadata: {},
      archived_at: null,
      created_at: now,
      updated_at: now,
      ...overrides,
    };
    this.#store.add({ id: environment.id, owner, environment });
    return environment;
  }

  createFrom(owner: Owner, body: unknown): Environment {
    const { config, ...fields } = parseBody(createSchema, body, this.#service.switches);
    return this.create(owner, { ...fields, config: { packages: NO_PACKAGES, ...config } });
  }

  list(owner: Owner): Environment[] {
    return this.#store.newestFirst(owner).map((stored) => stored.environment);
  }

  find(owner: Owner, id: string): Environment | undefined {
    return this.#store.find(owner, id)?.environment;
  }

  get(id: string): Environment {
    return this.#store.require(id).environment;
  }

  archive(owner: Owner, id: string): Environment {
    const environment = this.find(owner, id);
    if (environment === undefined) throw notFound(`Environment '${id}' was not found.`);
    return this.archiveAny(id);
  }

  archiveAny(id: string): Environment {
    const environment = this.get(id);
    if (environment.archived_at !== null) throw conflict("Environment is already archived");
    environment.archived_at = trimmedFraction(this.#service.clock());
    environment.updated_at = environment.archived_at;
    return environment;
  }

  remove(id: string): void {
    this.#store.remove(id);
  }
}
