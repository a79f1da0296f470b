import { QoderApiError, QoderConnectionError, QoderError, QoderTokenError } from "../../api/errors";
import { type Lab, statusText } from "./lab";
import { type Finding, type Row, Untried, untriedBecause } from "./row";

/** So many rows in a row without any answer: the network is away, and no other row would fare better. */
const mostSilences = 3;

/** What was found, and what ended the probe before its end. */
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

/** No other row would fare better. What nobody expected ends the probe as well, and what the probe made is put away. */
function meetsAll(error: unknown): boolean {
  const isRefused = error instanceof QoderApiError && error.status === 401;
  return isRefused || error instanceof QoderTokenError || !(error instanceof QoderError);
}

/** Without a path and without the words of the service: both may hold ids. */
function shortReason(error: unknown): string {
  if (error instanceof QoderApiError) {
    return `the service answered ${statusText(error)}`;
  }
  return error instanceof QoderConnectionError ? "no answer came" : "the answer could not be read";
}
