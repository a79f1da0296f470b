import type { Lab } from "./lab";

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
  readonly needs: Needs;
  readonly assumed: NoInfer<Name>;
  /** The possible answers by name, each with its words and its consequence for this package. */
  readonly answers: Readonly<Record<Name, readonly [seen: string, consequence: string]>>;
  /** Returns the name of the answer, and perhaps details. Throws `Untried` if there is no answer. */
  ask(lab: Lab): Promise<Name | readonly [name: Name, detail: string]>;
}

export function asked<Name extends string>({ answers, assumed, ask, ...row }: Question<Name>): Row {
  const answer = (name: Name): Answer => {
    const [seen, consequence] = answers[name];
    return { seen, consequence };
  };
  const made: Row = {
    ...row,
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
