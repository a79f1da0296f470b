import { QoderApiError, QoderConnectionError, QoderError, QoderTokenError } from "../../api/errors";
import { type Lab, statusText, Untried } from "./lab";
import { type Finding, type Row, untriedBecause } from "./row";

/** After this number of consecutive rows without an answer the network is down, and the probe stops. */
const mostSilences = 3;

/** The findings, and the error that ended the probe early. */
export interface Tried {
  readonly findings: readonly Finding[];
  readonly ended?: unknown;
}

export async function tryRows(lab: Lab, rows: readonly Row[]): Promise<Tried> {
  const findings: Finding[] = [];
  let silences = 0;
  for (const row of rows) {
    try {
      findings.push(await found(lab, row));
      silences = 0;
    } catch (error) {
      silences += error instanceof QoderConnectionError ? 1 : 0;
      findings.push(untriedBecause(row, shortReason(error)));
      if (meetsAll(error) || silences >= mostSilences) {
        const rest = rows.slice(findings.length).map((one) => untriedBecause(one, "the probe ended before it"));
        return { findings: [...findings, ...rest], ended: error };
      }
    }
  }
  return { findings };
}

async function found(lab: Lab, row: Row): Promise<Finding> {
  if (row.ask === undefined) {
    return untriedBecause(row, row.untried);
  }
  try {
    return await row.ask(lab);
  } catch (error) {
    if (error instanceof Untried) {
      return untriedBecause(row, error.message);
    }
    throw error;
  }
}

/**
 * Whether all other rows would fail in the same way. An unexpected error also ends the probe, which then archives its
 * objects.
 */
function meetsAll(error: unknown): boolean {
  const isRefused = error instanceof QoderApiError && error.status === 401;
  return isRefused || error instanceof QoderTokenError || !(error instanceof QoderError);
}

/** A reason without the path and the words of the service, because both may contain ids. */
function shortReason(error: unknown): string {
  if (error instanceof QoderApiError) {
    return `the service answered ${statusText(error)}`;
  }
  return error instanceof QoderConnectionError ? "no answer came" : "the answer could not be read";
}
