import { z } from "zod";
import { adoptField, archiveInUseField, environmentId, nameField, textField } from "../resource/fields/common-fields";
import { metadataField } from "../resource/fields/metadata";
import type { Fields } from "../resource/kind";
import { configField } from "./config";
import type { EnvironmentArguments } from "./values";

/** "API reference: environments". One row an argument, see `deployment/fields.ts`. */
export const fields: Fields<EnvironmentArguments> = {
  name: nameField(z.string().min(1)),
  description: textField({
    wire: "description",
    schema: z.string(),
    shownWhileSet: "config",
  }),
  config: configField,
  metadata: metadataField(undefined),
  archiveInUse: archiveInUseField(),
  adopt: adoptField(environmentId, "a new environment is created"),
};
