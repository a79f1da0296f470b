import { accountSettings } from "../account/settings";
import { QoderError } from "../api/errors";
import type { Account } from "../api/transport";
import type { Environment } from "./terminal";

/** The account that the environment names: a command runs outside any stack. */
export function accountOf(workspace: string | undefined, environment: Environment): Account {
  const configuration = { get: (key: string) => (key === "qoder:workspaceId" ? workspace : undefined) };
  if (!environment["QODER_ACCESS_TOKEN"]?.trim() && !environment["QODER_PAT"]?.trim()) {
    throw new QoderError(
      "no Qoder access token: set QODER_ACCESS_TOKEN or QODER_PAT. This command reads the environment and no stack configuration",
    );
  }
  return accountSettings(configuration, environment);
}
