import { randomUUID } from "node:crypto";
import { appendFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";

/** Where the provider reads of the siblings of a resource, and the number of the resource itself there. */
export interface SiblingPlace {
  readonly file: string;
  readonly place: number;
}

/** An `up` that fails answers some registrations never. */
const present = new Set<SiblingFile>();
process.once("exit", () => {
  for (const file of present) {
    file.remove();
  }
});

/**
 * The resources of one kind that a program declares, with the ids that the engine gives the program for them: a file that the
 * provider reads when it is in doubt whose object it found (`resource/siblings.ts`).
 *
 * With `--target` the engine asks the provider about the targeted resources only (pulumi/pulumi pkg/resource/deploy/
 * step_generator.go), and the program alone learns the ids of the others. An input cannot carry these ids: each resource would have
 * to wait for the registration of the other. A program that declares one resource of the kind writes no file.
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

  /** The engine has answered the registration. A new resource that is no target has no id then. */
  isRegistered(place: number): void {
    this.#pending -= 1;
    this.#add({ place, isRegistered: true });
    // Nobody reads the file while no create is under way.
    if (this.#pending === 0) {
      this.remove();
    }
  }

  /** The next line brings the file back with all that were in it. */
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

/** Without the file the provider knows as much as it met itself, which is no reason to fail. */
function attempt(write: () => void): void {
  try {
    write();
  } catch {}
}

/** One process runs several programs with the Automation API. */
const files = new WeakMap<object, SiblingFile>();
const noStack = {};

/** The place of a new resource. No preview creates anything, so a preview needs none. */
export function siblingFile(): SiblingFile | undefined {
  if (pulumi.runtime.isDryRun()) {
    return undefined;
  }
  const stack = pulumi.runtime.getStackResource() ?? noStack;
  const file = files.get(stack) ?? new SiblingFile();
  files.set(stack, file);
  return file;
}

/** Writes what the engine tells of the resource, as soon as the engine does. */
export function tellSiblings(file: SiblingFile, { place }: SiblingPlace, resource: pulumi.CustomResource): void {
  resource.id.apply((id) => file.hasId(place, id));
  // The SDK tells the URN and the id at once, and an id that stays unknown never.
  resource.urn.apply(() => setImmediate(() => file.isRegistered(place)));
}
