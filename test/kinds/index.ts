import { type KindName, kindNames } from "../../provider/kinds/table";
import { agent } from "./agent";
import { deployment } from "./deployment";
import { deploymentRun } from "./deployment-run";
import { environment } from "./environment";
import { file } from "./file";
import type { KindRow } from "./kind-row";
import { memoryStore } from "./memory-store";
import { skill } from "./skill";
import { toy } from "./toy";
import { vault } from "./vault";
import { vaultCredential } from "./vault-credential";

/** The row of each kind in the table of kinds. */
const rows: Readonly<Record<KindName, KindRow>> = {
  Environment: environment,
  Skill: skill,
  File: file,
  Agent: agent,
  Vault: vault,
  VaultCredential: vaultCredential,
  MemoryStore: memoryStore,
  Deployment: deployment,
  DeploymentRun: deploymentRun,
};

/** The kinds of the package, and a kind that only the tests have. */
export const kinds: readonly KindRow[] = [...kindNames.map((name) => rows[name]), toy];

/** Kinds whose objects are created from a body: all but runs. */
export const createdKinds = kinds.filter(({ isStarted }) => !isStarted);

/** Kinds with arguments that an update can change. */
export const kindsWithRows = createdKinds.filter((kind) => Object.keys(kind.arguments).length > 0);

/** Kinds whose objects are created from a body, updated and archived. */
export const managedKinds = createdKinds.filter(({ steps, end }) => steps.length > 0 && end[0] === "POST");

export const kindsWithSecret = kinds.flatMap(({ secret, ...kind }) =>
  secret === undefined ? [] : [{ ...kind, secret }],
);
