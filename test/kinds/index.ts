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

/** One row for each kind; a test fails if a kind of `plugin.ts` has no row. */
export const kinds: readonly KindRow[] = [
  deployment,
  agent,
  environment,
  deploymentRun,
  memoryStore,
  vault,
  vaultCredential,
  skill,
  file,
  toy,
];

/** Kinds whose objects are created from a body: all but runs. */
export const createdKinds = kinds.filter(({ isStarted }) => !isStarted);

/** Kinds with arguments that an update can change. */
export const kindsWithRows = createdKinds.filter((kind) => Object.keys(kind.arguments).length > 0);

/** Kinds whose objects are created from a body, updated and archived. */
export const managedKinds = createdKinds.filter(({ steps, end }) => steps.length > 0 && end[0] === "POST");

export const kindsWithSecret = kinds.flatMap(({ secret, ...kind }) =>
  secret === undefined ? [] : [{ ...kind, secret }],
);
