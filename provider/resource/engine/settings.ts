import { z } from "zod";
import type { Properties } from "../kind/program-values";
import { statePlaces } from "../state/hidden-texts";

const sourceSchema = z.object({
  /** The path from which the program read; empty if it could read nothing. */
  path: z.string(),
  problems: z.array(z.string()),
  remarks: z.array(
    z.object({
      kind: z.enum(["skill-files", "plain-secret"]),
      severity: z.enum(["info", "warning"]),
      text: z.string(),
    }),
  ),
});

/**
 * The facts about the running command that the program side adds to the inputs. They differ between commands, so the check
 * takes them out, and no state holds them.
 */
const commandSchema = z.object({
  /** True in a preview, which no check of the engine shows. Null if a later call of the engine shows it. */
  isPreview: z.boolean().nullable().catch(true),
  /** `qoder:diagnostics`, as the user set it. */
  diagnostics: z.string().catch("all"),
  /** True if a preview shows the requests that `up` will send. */
  showRequests: z.boolean().catch(false),
  /** The paths of the secrets in the arguments: the engine does not name them to a dynamic provider. */
  secretPlaces: z.array(z.array(z.union([z.string(), z.number()]))).catch([]),
  /** True if a preview asks the service for the objects that the program names. */
  verify: z.boolean().catch(false),
  /** The resource option of this name: paths of arguments whose change replaces the resource. */
  replaceOnChanges: z.array(z.string()).catch([]),
  /** The resource option of this name: paths of arguments whose changes the engine leaves out. */
  ignoreChanges: z.array(z.string()).catch([]),
  /** The resource option of this name: a removal archives and deletes nothing. */
  retainOnDelete: z.boolean().catch(false),
  /** The argument that holds the Pulumi name, as the program leaves it out; absent if there is none. */
  defaultName: z.string().optional().catch(undefined),
  /** The URNs of the resources that the arguments use; undefined if the engine does not say it, as to the plugin. */
  uses: z.array(z.string()).optional().catch(undefined),
  /** The files that the program read for the resource; absent if it read none. */
  source: sourceSchema.optional().catch(undefined),
});
export type CommandSettings = z.infer<typeof commandSchema>;

export function commandSettings({ __command }: Properties): CommandSettings {
  return commandSchema.parse(Object(__command));
}

/** The inputs for the state: without these facts, but with the places of the secrets. */
export function withoutCommand({ __command, ...properties }: Properties): Properties {
  const { secretPlaces } = commandSettings({ __command });
  return secretPlaces.length === 0 ? properties : { ...properties, __secrets: statePlaces(secretPlaces) };
}
