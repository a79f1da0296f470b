import { z } from "zod";
import { adoptField } from "../resource/adopt-field";
import { wholeValue } from "../resource/field";
import { environmentId } from "../resource/id";
import type { Fields } from "../resource/kind";
import { metadataField } from "../resource/metadata";
import { configField } from "./config";
import type { EnvironmentOutputs } from "./outputs";
import type { Environment } from "./reply";
import type { EnvironmentArguments } from "./values";

const identical = <Value>(value: Value) => value;

const labels = metadataField<EnvironmentOutputs, Environment>(undefined);

/** "API reference: environments". One row an argument, see `deployment/fields.ts`. */
export const fields: Fields<EnvironmentArguments, EnvironmentOutputs, Environment> = {
  name: wholeValue({
    wire: "name",
    leftOut: "refused",
    schema: z.string().min(1),
    recorded: z.string(),
    normal: identical,
    toWire: identical,
    fromWire: ({ name }) => name,
    meaning: { leftOut: "the Pulumi resource name", removed: "the Pulumi resource name", sameWhen: "equal" },
  }),
  description: wholeValue({
    wire: "description",
    leftOut: "cleared",
    schema: z.string(),
    recorded: z.string(),
    cleared: "",
    empty: "",
    normal: identical,
    toWire: identical,
    shownWhileSet: "config",
    fromWire: ({ description }) => description || undefined,
    meaning: { leftOut: "empty", removed: '`""`', sameWhen: '`""`, null and absent are one' },
  }),
  config: configField,
  metadata: {
    ...labels,
    // The types of a client say that an empty value deletes its key, and no page does.
    read(environment, asked) {
      const shown = labels.read(environment, asked);
      const empty = Object.entries(asked ?? {}).filter(([, value]) => value === "");
      return shown === undefined ? undefined : { ...Object.fromEntries(empty), ...shown };
    },
  },
  adopt: adoptField(environmentId, "a new environment is created"),
};
