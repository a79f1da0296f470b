import { z } from "zod";
import { environments } from "../kinds/table";
import {
  acknowledgeField,
  adoptField,
  archiveInUseField,
  idOf,
  nameField,
  textField,
} from "../resource/kind/common-fields";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { commonOutputRows } from "../resource/kind/outputs";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { QoderEnvironmentArgs } from "./arguments";
import { configField, configRemarks } from "./config";

/** "API reference: environments". */
const fields = rowsOf<QoderEnvironmentArgs>()({
  name: nameField(z.string().min(1)),
  description: textField({ wire: "description", schema: z.string() }),
  config: configField,
  metadata: metadataField(undefined),
  archiveInUse: archiveInUseField,
  adopt: adoptField(idOf(environments)),
  acknowledge: acknowledgeField,
});

const config = 'write config: { type: "cloud", networking: ..., packages: ..., setupScript: ... }';

/** "API reference: environments". */
export const environmentKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...environments,
  references: "what it names",
  reply: replyOf(fields),
  fields,
  insteadOf: {
    type: config,
    networking: config,
    packages: config,
    setupScript: config,
    allowedHosts: config,
    env: "environmentVariables of a QoderDeployment has the variables of each run",
    environmentVariables: "it is an argument of a QoderDeployment",
  },
  outputs: commonOutputRows,
  removal: { endsInUse: "archiveInUse" },
  remarks: { change: configRemarks },
};
