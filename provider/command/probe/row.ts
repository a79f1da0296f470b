import { QoderApiError, QoderConnectionError, QoderError, QoderTokenError } from "../../api/errors";
import { type Lab, statusText, Untried } from "./lab";

/** A possible answer of the service, in words, and its consequence for this package. */
interface Answer {
  readonly seen: string;
  readonly consequence: string;
}

/** The result of one row. */
export interface Finding {
  readonly row: Row;
  readonly result: "holds" | "differs" | "not tried";
  /** The answer of the service, or the reason for which the probe did not ask. */
  readonly seen: string;
  readonly consequence: string;
}

/** A question that the documentation of the API leaves open; docs/assumptions.md lists it under the same name. */
export interface Row {
  readonly name: string;
  readonly question: string;
  /** The means that a row needs: only GETs, objects of the probe, or a run that costs credits. */
  readonly needs: Needs;
  /** The answer that this package expects. */
  readonly assumed: Answer;
  /** Asks the question. Undefined if the probe cannot ask; `untried` has the reason. */
  readonly ask: ((lab: Lab) => Promise<Finding>) | undefined;
  readonly untried: string;
}

export type Needs = "reads" | "objects" | "a run";

interface Question<Name extends string> {
  readonly name: string;
  readonly question: string;
  /** Left out: objects of the probe. */
  readonly needs?: Needs;
  readonly assumed: NoInfer<Name>;
  /** The possible answers by name, each with its words and its consequence for this package. */
  readonly answers: Readonly<Record<Name, readonly [seen: string, consequence: string]>>;
  /** Returns the name of the answer, and perhaps details. Throws `Untried` if there is no answer. */
  ask(lab: Lab): Promise<Name | readonly [name: Name, detail: string]>;
}

export function asked<Name extends string>({ answers, assumed, ask, needs = "objects", ...row }: Question<Name>): Row {
  const answer = (name: Name): Answer => {
    const [seen, consequence] = answers[name];
    return { seen, consequence };
  };
  const made: Row = {
    ...row,
    needs,
    assumed: answer(assumed),
    untried: "",
    async ask(lab) {
      const given = await ask(lab);
      const [name, detail] = typeof given === "string" ? [given, undefined] : given;
      const { seen, consequence } = answer(name);
      const result = name === assumed ? "holds" : "differs";
      return { row: made, result, seen: detail === undefined ? seen : `${seen}: ${detail}`, consequence };
    },
  };
  return made;
}

/** A question that a probe cannot ask, with the reason. */
export function notAsked(name: string, question: string, reason: string, consequence: string): Row {
  return { name, question, needs: "reads", assumed: { seen: "", consequence }, ask: undefined, untried: reason };
}

export function untriedBecause(row: Row, reason: string): Finding {
  return { row, result: "not tried", seen: reason, consequence: row.assumed.consequence };
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
