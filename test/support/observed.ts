import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { defaultSwitches, type Switches } from "../qoder-api/switches";

const folder = resolve(__dirname, "..", "observed");

const observedSchema = z.strictObject({
  /** Who published the reply, and where. */
  source: z.string().min(1),
  request: z.strictObject({
    method: z.enum(["GET", "POST", "DELETE"]),
    /** With the ids of the reply. */
    path: z.string().startsWith("/"),
    body: z.record(z.string(), z.unknown()).optional(),
    /** The parts of a multipart body: files by their names, and texts. */
    form: z.record(z.string(), z.string()).optional(),
  }),
  /** The settings with which the mock answers so, if it needs some. */
  switches: z.record(z.enum(Object.keys(defaultSwitches())), z.unknown()).optional(),
  /** Absent if the source does not show it. */
  status: z.int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.union([z.record(z.string(), z.unknown()), z.string()]),
});

/** A published reply of the service. A new one is a new file in test/observed/ and nothing else. */
export interface Observed extends Omit<z.infer<typeof observedSchema>, "switches"> {
  readonly name: string;
  readonly switches: Partial<Switches>;
}

export const observations: readonly Observed[] = readdirSync(folder).map((file) => {
  const { switches = {}, ...reply } = observedSchema.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
  return { ...reply, switches, name: file.replace(".json", "") };
});

/** The object of the reply; undefined for a list, an error and the end of an object. */
export function objectIn({ body }: Observed): { readonly id: string; readonly type: string } | undefined {
  return z.looseObject({ id: z.string(), type: z.string() }).safeParse(body).data;
}
