import { z } from "zod";
import type { Properties } from "../program-values";
import { siblingPlaceSchema } from "../siblings";

const sourceSchema = z.object({
  /** Empty where nothing could be read. */
  path: z.string(),
  problems: z.array(z.string()),
  remarks: z.array(z.object({ severity: z.enum(["info", "warning"]), text: z.string() })),
});

/**
 * What the program side tells of the command that runs. It changes from command to command, so it goes into no state: the check
 * takes it out of the inputs.
 */
const commandSchema = z.object({
  /** No check of the engine tells it. Null where a later call of the engine does. */
  isPreview: z.boolean().nullable().default(true).catch(true),
  /** `qoder:remarks`, as the user set it. */
  remarks: z.string().default("all").catch("all"),
  /** A preview shows what `up` will send. */
  showRequests: z.boolean().default(false).catch(false),
  /** The arguments of the resource that hold secrets. Told where requests are shown: the engine does not tell it. */
  secrets: z.array(z.string()).default([]).catch([]),
  /** A preview asks the service whether it has what the program names. */
  verify: z.boolean().default(false).catch(false),
  /** Where the program writes the ids of the other resources of the kind; absent in a preview. */
  siblings: siblingPlaceSchema.optional().catch(undefined),
  /** The resource option of this name: paths of arguments whose change replaces the resource. */
  replaceOnChanges: z.array(z.string()).default([]).catch([]),
  /** The resource option of this name: nothing is archived or deleted. */
  retainOnDelete: z.boolean().default(false).catch(false),
  /** What the program read on this machine for the resource; absent where the program read nothing. */
  source: sourceSchema.optional().catch(undefined),
});
export type Command = z.infer<typeof commandSchema>;

export function commandOf({ __command }: Properties): Command {
  return commandSchema.parse(Object(__command));
}

export function withoutCommand({ __command: _, ...properties }: Properties): Properties {
  return properties;
}
