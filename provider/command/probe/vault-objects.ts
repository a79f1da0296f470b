import type { Lab, Made } from "./lab";

/** An invented secret, which no service accepts. */
const value = "qoder-probe-no-secret";

export function ownVault(lab: Lab): Promise<Made> {
  return lab.once("vault", ["vaults"], async () => ({ display_name: lab.name }));
}

export const variable = {
  auth: {
    type: "environment_variable",
    secret_name: "QP_PROBE",
    secret_value: value,
    networking: { type: "limited", allowed_hosts: ["example.com"] },
  },
};

export async function ownCredential(lab: Lab): Promise<Made> {
  const vault = await ownVault(lab);
  return lab.once("credential", [...vault.path, "credentials"], async () => variable);
}
