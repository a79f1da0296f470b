import { meetsAll } from "../../command/deployments";
import { QoderApiError, QoderConnectionError } from "../../provider/api/errors";
import { type Lab, statusText, Untried } from "./lab";
import { type Harm, harms, type Row } from "./row";

/** The result of one row. */
export interface Finding {
  readonly row: Row;
  readonly result: "holds" | "differs" | "not tried";
  /** The answer of the service, or the reason for which the probe did not ask. */
  readonly seen: string;
  readonly consequence: string;
  readonly harm: Harm;
  readonly remedy: string;
}

/** The worst differences first. */
export function byHarm(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((one, other) => harms.indexOf(one.harm) - harms.indexOf(other.harm));
}

/** True if a difference can cost, double or lose something. */
export function doesHarm({ result, harm }: Finding): boolean {
  return result === "differs" && harm !== "harmless";
}

export function untriedBecause(row: Row, reason: string): Finding {
  return { row, result: "not tried", seen: reason, consequence: row.consequence, harm: "harmless", remedy: "" };
}

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
      const isSilence = error instanceof QoderConnectionError;
      silences += isSilence ? 1 : 0;
      findings.push(untriedBecause(row, shortReason(error)));
      if ((!isSilence && meetsAll(error)) || silences >= mostSilences) {
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
    const { answer, holds, detail } = await row.ask(lab);
    const seen = detail === undefined ? answer.seen : `${answer.seen}: ${detail}`;
    return { ...answer, row, result: holds ? "holds" : "differs", seen };
  } catch (error) {
    if (error instanceof Untried) {
      return untriedBecause(row, error.message);
    }
    throw error;
  }
}

/** A reason without the path and the words of the service, because both may contain ids. */
function shortReason(error: unknown): string {
  if (error instanceof QoderApiError) {
    return `the service answered ${statusText(error)}`;
  }
  return error instanceof QoderConnectionError ? "no answer came" : "the answer could not be read";
}
