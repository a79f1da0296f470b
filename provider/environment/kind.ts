import { z } from "zod";
import type { ResourceKind } from "../resource/kind";
import { commonOutputRows } from "../resource/outputs";
import { configRemarks } from "./config";
import { fields } from "./fields";
import { environmentSchema } from "./reply";
import type { EnvironmentArguments } from "./values";

const namesEnvironment = z.looseObject({ environment_id: z.string() });

/** "API reference: environments". */
export const environmentKind: ResourceKind<EnvironmentArguments> = {
  label: "QoderEnvironment",
  noun: "environment",
  references: "what it names",
  collection: "environments",
  idPrefix: "env_",
  reply: environmentSchema,
  fields,
  outputs: commonOutputRows,
  // No page says what an update does to another type.
  replaces: ({ config: applied }, { config: wanted }) =>
    applied === undefined || wanted === undefined || applied.type === wanted.type ? [] : ["config"],
  compared: () => undefined,
  hasNoKeys: true,
  namesSecrets: true,
  users: {
    kind: { noun: "deployment", collection: "deployments", idPrefix: "dep_" },
    namedBy: (deployment) => namesEnvironment.safeParse(deployment).data?.environment_id,
  },
  // An environment names nothing that only its own account sees.
  witness: () => undefined,
  changeRemarks: configRemarks,
};
