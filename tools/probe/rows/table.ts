import { notAsked, type Row } from "../row";
import { agentRows } from "./agent";
import { deploymentRows } from "./deployment";
import { endRows } from "./end";
import { environmentRows } from "./environment";
import { keyRows, lateKeyRow } from "./key";
import { listRows, readRows } from "./read";
import { runRows } from "./run";
import { settingRows } from "./setting";
import { uploadRows } from "./upload";
import { vaultRows } from "./vault";

const unasked = [
  notAsked(
    "not-found",
    'Does 404 mean "gone", "not yours" or "not yet"?',
    "it takes a second account or a minute of waiting",
    "the state is dropped only after two answers of the API itself, to a token that sees the agent",
  ),
  notAsked(
    "open-writes",
    "Was a write done whose answer never came?",
    "the probe breaks no connection",
    "the state says that it is open, and the next `up` reads the object before it sends anything",
  ),
  notAsked(
    "back-ends",
    "Are two back ends told apart?",
    "the package itself decides this, not the service",
    "the key holds organization, project and stack; give the program of another back end another name",
  ),
];

/**
 * What this package assumes about the service, in the order in which the probe asks; docs/assumptions.md has what matters for a user.
 * Questions that archive an object come last. The tests ask the stand-in, with each switch that an answer names, and `npm run probe` asks the service.
 */
export const rows: readonly Row[] = [
  ...readRows,
  ...keyRows,
  ...agentRows,
  ...environmentRows,
  ...deploymentRows,
  ...listRows,
  ...settingRows,
  ...vaultRows,
  ...uploadRows,
  ...runRows,
  ...endRows,
  lateKeyRow,
  ...unasked,
];
