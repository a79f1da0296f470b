import { randomUUID } from "node:crypto";
import { appendFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** The file in which the provider reads about the siblings of a resource, and the number of the resource itself in it. */
export interface SiblingPlace {
  readonly file: string;
  readonly place: number;
}

/** The files to remove at the end: in an `up` that fails, the engine never answers some registrations. */
const present = new Set<SiblingFile>();
process.once("exit", () => {
  for (const file of present) {
    file.remove();
  }
});

/**
 * A file with the resources of one kind that a program declares, and the ids that the engine returned for them. The provider
 * reads the file if it does not know which resource owns an object (`resource/siblings.ts`).
 *
 * With `--target` the engine calls the provider for the targeted resources only (pulumi/pulumi
 * pkg/resource/deploy/step_generator.go), and only the program learns the ids of the others. Inputs cannot contain these ids:
 * each resource would have to wait for the registration of the other. A program with one resource of the kind writes no file.
 */
export class SiblingFile {
  readonly #file = join(tmpdir(), `pulumi-qoder-${randomUUID()}.jsonl`);
  readonly #lines: string[] = [];
  #written = 0;
  #declared = 0;
  #pending = 0;

  declare(): SiblingPlace {
    const place = this.#declared;
    this.#declared += 1;
    this.#pending += 1;
    this.#add({ place });
    return { file: this.#file, place };
  }

  hasId(place: number, id: string): void {
    this.#add({ place, id });
  }

  /** Called when the engine has answered the registration. A new resource that is no target has no id then. */
  isRegistered(place: number): void {
    this.#pending -= 1;
    this.#add({ place, isRegistered: true });
    // The provider reads the file only during a create.
    if (this.#pending === 0) {
      this.remove();
    }
  }

  /** Removes the file. The next change writes it again with all of its lines. */
  remove(): void {
    attempt(() => rmSync(this.#file, { force: true }));
    this.#written = 0;
    present.delete(this);
  }

  #add(line: object): void {
    this.#lines.push(`${JSON.stringify(line)}\n`);
    if (this.#declared > 1) {
      attempt(() => appendFileSync(this.#file, this.#lines.slice(this.#written).join(""), { mode: 0o600 }));
      this.#written = this.#lines.length;
      present.add(this);
    }
  }
}

/** Ignores errors: without the file the provider still knows the resources that it met itself. */
function attempt(write: () => void): void {
  try {
    write();
  } catch {}
}

/** One file for each program: with the Automation API one process runs several programs. */
const files = new WeakMap<object, SiblingFile>();
const noStack = {};

/** The file for a new resource; undefined in a preview, which creates no object. */
export function siblingFile(): SiblingFile | undefined {
  if (pulumi.runtime.isDryRun()) {
    return undefined;
  }
  const stack = pulumi.runtime.getStackResource() ?? noStack;
  const file = files.get(stack) ?? new SiblingFile();
  files.set(stack, file);
  return file;
}

/** Writes the id of the resource into the file as soon as the engine returns it. */
export function tellSiblings(file: SiblingFile, { place }: SiblingPlace, resource: pulumi.CustomResource): void {
  resource.id.apply((id) => file.hasId(place, id));
  // The SDK resolves the URN and the id at the same time, but never resolves an id that stays unknown.
  resource.urn.apply(() => setImmediate(() => file.isRegistered(place)));
}
