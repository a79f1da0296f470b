import { z } from "zod";
import type { MoreRoutes } from "../qoder-api/collections";
import { type Console, consoleOf } from "../qoder-api/consoles";
import { type Owner, PatchedObjects, type SharedFields, type StoredObject } from "../qoder-api/managed-objects";
import { objectRoutes, sharedListQuery } from "../qoder-api/object-routes";
import { isObject } from "../qoder-api/parse";
import type { Service } from "../qoder-api/service";
import type { JsonObject } from "../qoder-api/wire";

type ToyFields = SharedFields & { name: string } & JsonObject;

// The schema accepts any member, so that a new argument of the kind needs no change here.
const updateSchema = z.looseObject({ name: z.string().min(1).optional() });
const createSchema = updateSchema.required({ name: true });

class Toys extends PatchedObjects<ToyFields, ToyFields, z.infer<typeof updateSchema>> {
  #count = 0;

  constructor(service: Service) {
    const schemas = { create: createSchema, update: updateSchema };
    super(service, { noun: "Toy", schemas, duplicateNames: (switches) => switches.duplicateNames });
  }

  protected blank(): ToyFields {
    this.#count += 1;
    return { ...this.newborn(this.service.makeId("toy")), name: "", colour: "", lock: null, serial: this.#count };
  }

  protected patched(_owner: Owner, base: ToyFields, { name = base.name, ...patch }: z.infer<typeof updateSchema>) {
    return { ...base, ...patch, name };
  }

  protected render({ fields }: StoredObject<ToyFields>): ToyFields {
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
