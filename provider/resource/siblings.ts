import { readFileSync } from "node:fs";
import { z } from "zod";
import type { QoderClient } from "../api/client";

/** The file that `program/siblings.ts` writes, and the place of a resource in it. */
export const siblingPlaceSchema = z.object({ file: z.string(), place: z.number() });
export type SiblingPlace = z.infer<typeof siblingPlaceSchema>;

const lineSchema = z.object({ place: z.number(), id: z.string().optional(), isRegistered: z.boolean().optional() });

/** A sibling that is not registered by then may itself wait for the resource that calls `meet`. */
const longestWaitMs = 10_000;
const intervalMs = 250;

/**
 * The other resources of a kind that the program declares, and the ids that the engine told the program: with `--target` the engine
 * asks the provider nothing about them (pulumi/pulumi pkg/resource/deploy/step_generator.go).
 *
 * If an id stays unknown, the caller takes the object that it found, although another resource may have that object. The user can
 * start one more run then, and could not take back a second one.
 */
export class Siblings {
  readonly #files = new Set<string>();
  readonly #ids = new Set<string>();
  /** The places of the resources that the state has, by their first URNs. */
  readonly #places = new Map<string | undefined, string>();
  /** The places of the resources whose ids the provider knows, and of new resources, which have none. */
  readonly #met = new Set<string>();

  declare(origin: string | undefined, place: SiblingPlace | undefined, isKnown: boolean): void {
    if (place === undefined) {
      return;
    }
    this.#files.add(place.file);
    if (isKnown) {
      this.#places.set(origin, keyOf(place));
    } else {
      this.#met.add(keyOf(place));
    }
  }

  /** Records that the engine has passed the id of the resource with this first URN. */
  compared(origin: string | undefined): void {
    const key = this.#places.get(origin);
    if (key !== undefined) {
      this.#met.add(key);
    }
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  /**
   * Waits until each sibling is registered or its id is known. A sibling that depends on the calling resource is never
   * registered before it: then the wait ends without the id.
   */
  async meet(client: QoderClient): Promise<void> {
    const end = client.now() + longestWaitMs;
    while (this.#read() && client.now() < end) {
      if (!(await client.pause(intervalMs))) {
        return;
      }
    }
  }

  /** Reads the files again. True while a sibling is neither registered nor known. */
  #read(): boolean {
    const open = new Set<string>();
    for (const file of this.#files) {
      for (const { place, id, isRegistered } of linesOf(file)) {
        const key = keyOf({ file, place });
        if (id !== undefined) {
          this.#ids.add(id);
        }
        if (isRegistered || this.#met.has(key)) {
          open.delete(key);
        } else {
          open.add(key);
        }
      }
    }
    return open.size > 0;
  }
}

function keyOf({ file, place }: SiblingPlace): string {
  return `${place} ${file}`;
}

/** The lines of the file; none for a program with one resource of the kind, which writes no file. */
function linesOf(file: string): z.infer<typeof lineSchema>[] {
  try {
    const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    return lines.map((line) => lineSchema.parse(JSON.parse(line)));
  } catch {
    return [];
  }
}
