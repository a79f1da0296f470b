import type { Lab } from "./lab";

/** An answer that the service may give, in words, and what this package does where the service gives it. */
interface Answer {
  readonly seen: string;
  readonly consequence: string;
}

/** Why a row has no answer. */
export class Untried extends Error {}

/** What was found in one row. */
export interface Finding {
  readonly row: Row;
  readonly result: "holds" | "differs" | "not tried";
  /** What the service answered, or why nobody asked the service. */
  readonly seen: string;
  readonly consequence: string;
}

/** One question that the documentation of the API leaves open; docs/assumptions.md has each by its name. */
export interface Row {
  readonly name: string;
  readonly question: string;
  /** What a row needs: only GETs, objects of its own, or a run that costs credits. */
  readonly needs: Needs;
  /** What this package counts on. */
  readonly assumed: Answer;
  /** Undefined where the probe cannot ask; `untried` says why. */
  readonly ask: ((lab: Lab) => Promise<Finding>) | undefined;
  readonly untried: string;
}

export type Needs = "reads" | "objects" | "a run";

interface Question<Name extends string> {
  readonly name: string;
  readonly question: string;
  readonly needs: Needs;
  readonly assumed: NoInfer<Name>;
  /** Every answer by its name: what is seen, and what the package does then. */
  readonly answers: Readonly<Record<Name, readonly [seen: string, consequence: string]>>;
  /** The name of the answer, with what makes it more exact; throws `Untried` where there is none. */
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

/** A question that a probe cannot ask, and why. */
export function notAsked(name: string, question: string, reason: string, consequence: string): Row {
  return { name, question, needs: "reads", assumed: { seen: "", consequence }, ask: undefined, untried: reason };
}

export function untriedBecause(row: Row, reason: string): Finding {
  return { row, result: "not tried", seen: reason, consequence: row.assumed.consequence };
}
