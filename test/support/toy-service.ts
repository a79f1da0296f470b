import { z } from "zod";
import type { MoreRoutes } from "../qoder-api/collections";
import { type Console, consoleOf } from "../qoder-api/consoles";
import { ManagedObjects, type Owner, type SharedFields, type StoredObject } from "../qoder-api/managed-objects";
import { isInRange, objectRoutes, sharedListQuery } from "../qoder-api/object-routes";
import { isObject, parseBody } from "../qoder-api/parse";
import { microseconds, type Service } from "../qoder-api/service";
import type { JsonObject } from "../qoder-api/wire";

type ToyFields = SharedFields & { name: string } & JsonObject;
interface StoredToy extends StoredObject {
  fields: ToyFields;
}

// The schema accepts any member, so that a new argument of the kind needs no change here.
const updateSchema = z.looseObject({ name: z.string().min(1).optional() });
const createSchema = updateSchema.required({ name: true });

class Toys extends ManagedObjects<StoredToy, ToyFields> {
  #count = 0;

  constructor(service: Service) {
    super(service, {
      noun: "Toy",
      article: "A",
      stamp: microseconds,
      duplicateNames: (switches) => switches.duplicateNames,
      archiveTwice: () => 409,
    });
  }

  create(owner: Owner, body: unknown): StoredToy {
    const given = parseBody(createSchema, body, this.service.switches);
    const now = this.now();
    this.#count += 1;
    const id = this.service.makeId("toy");
    const times = { archived_at: null, created_at: now, updated_at: now };
    const fields = { colour: "", lock: null, ...given, id, metadata: {}, serial: this.#count, ...times };
    this.refuseTakenName(owner, fields);
    return this.add({ id, owner, fields });
  }

  update(stored: StoredToy, body: unknown): StoredToy {
    this.refuseArchived(stored);
    const { name = stored.fields.name, ...patch } = parseBody(updateSchema, body, this.service.switches);
    return this.apply(stored, { name, ...patch }, () => ({ ...stored.fields, ...patch, name }));
  }

  protected render({ fields }: StoredToy): ToyFields {
    const { lock } = fields;
    return structuredClone(isObject(lock) ? { ...fields, lock: { ...lock, code: undefined } } : fields);
  }
}

/** The collection of the toy kind, added to the stand-in. */
export class ToyService {
  #toys: Toys | undefined;

  readonly routes: MoreRoutes = (app, service, writes) => {
    const toys = new Toys(service);
    this.#toys = toys;
    objectRoutes(app, {
      path: "/toys",
      objects: toys,
      writes,
      switches: service.switches,
      listQuery: z.object(sharedListQuery),
      isListed: ({ fields }, query) => isInRange(fields, query),
      create: (owner, body) => toys.create(owner, body),
    });
  };

  /** The console of the toys. Throws before the stand-in listens. */
  get console(): Console<ToyFields> {
    if (this.#toys === undefined) {
      throw new Error("nothing serves the toys yet");
    }
    return consoleOf(this.#toys);
  }
}
