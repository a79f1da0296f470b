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

/** A row a kind; a kind of `plugin.ts` that has none fails a test. */
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

/** What holds for objects that are created from a body: by their rows, not all are. */
export const createdKinds = kinds.filter(({ isStarted }) => !isStarted);

/** What holds for arguments that updates change: not every kind has one with a row. */
export const kindsWithRows = createdKinds.filter((kind) => Object.keys(kind.arguments).length > 0);

/** What holds for objects that are created from a body, changed and archived. */
export const managedKinds = createdKinds.filter(({ steps, end }) => steps.length > 0 && end[0] === "POST");

export const kindsWithSecret = kinds.flatMap(({ secret, ...kind }) =>
  secret === undefined ? [] : [{ ...kind, secret }],
);
