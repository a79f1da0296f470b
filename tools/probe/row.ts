import type { Switches } from "../../test/qoder-api/switches";
import type { Lab } from "./lab";

/** What an answer other than the assumed one can do to a user; the worst first. */
export const harms = ["costs money", "makes duplicates", "loses changes", "harmless"] as const;
export type Harm = (typeof harms)[number];

/** A possible answer of the service. */
export interface Answer {
  /** The answer in words. */
  readonly seen: string;
  /** What this package does then. */
  readonly consequence: string;
  readonly harm: Harm;
  /** What a user can do about it; empty if there is nothing to do. */
  readonly remedy: string;
  /** The switches of the stand-in that make it answer so. Left out: the pages leave no doubt, so the stand-in always answers as assumed. */
  readonly turn?: Partial<Switches>;
}

type More = Partial<Pick<Answer, "remedy" | "turn">>;
/** An answer that can do harm always says what to do about it. */
type MoreOfHarm = More & Pick<Answer, "remedy">;

const answerOf = (harm: Harm) => (seen: string, consequence: string, more?: More) => ({
  seen,
  consequence,
  harm,
  remedy: "",
  ...more,
});
const answerOfHarm = (harm: Harm) => (seen: string, consequence: string, more: MoreOfHarm) => ({
  seen,
  consequence,
  harm,
  ...more,
});

export const expected = (seen: string, consequence: string): Answer => answerOf("harmless")(seen, consequence);
export const harmless = answerOf("harmless");
export const costs = answerOfHarm("costs money");
export const duplicates = answerOfHarm("makes duplicates");
export const loses = answerOfHarm("loses changes");

/** The service adds members to its objects, or to the elements of lists. */
export const otherMembers = (addedMembers: "objects" | "elements"): Answer =>
  harmless("other members", "what the first reply shows is the baseline; a later change of it is drift", {
    turn: { addedMembers },
  });
export const anotherValue: Answer = harmless(
  "another value than was sent",
  "the first reply is the baseline; a later change of it is drift",
);

/** The answer of the service to a row. */
export interface Given {
  readonly name: string;
  readonly answer: Answer;
  readonly holds: boolean;
  readonly detail: string | undefined;
}

/** A question that the documentation of the API leaves open. */
export interface Row {
  readonly name: string;
  readonly question: string;
  /** The means that a row needs: only GETs, objects of the probe, or a run that costs credits. */
  readonly needs: Needs;
  /** The name of the answer that this package expects. */
  readonly assumed: string;
  readonly answers: Readonly<Record<string, Answer>>;
  /** What this package does if nobody asked. */
  readonly consequence: string;
  /** Asks the question. Undefined if nobody can ask; `untried` has the reason. */
  readonly ask: ((lab: Lab) => Promise<Given>) | undefined;
  readonly untried: string;
}

export type Needs = "reads" | "objects" | "a run";

interface Question<Name extends string> {
  readonly name: string;
  readonly question: string;
  /** Left out: objects of the probe. */
  readonly needs?: Needs;
  readonly assumed: NoInfer<Name>;
  readonly answers: Readonly<Record<Name, Answer>>;
  /** Returns the name of the answer, and perhaps details. Throws `Untried` if there is no answer. */
  ask(lab: Lab): Promise<Name | readonly [name: Name, detail: string]>;
}

export function asked<Name extends string>({ ask, needs = "objects", ...row }: Question<Name>): Row {
  const { answers, assumed } = row;
  return {
    ...row,
    needs,
    consequence: answers[assumed].consequence,
    untried: "",
    async ask(lab) {
      const given = await ask(lab);
      const [name, detail] = typeof given === "string" ? [given, undefined] : given;
      return { name, answer: answers[name], holds: name === assumed, detail };
    },
  };
}

interface Assumption extends Pick<Question<"yes" | "no">, "name" | "question" | "needs"> {
  readonly yes: readonly [seen: string, consequence: string];
  readonly no: Answer;
  /** Makes something, and looks once. Returns the details of a "no", if there are some. */
  ask(lab: Lab): Promise<boolean | string>;
}

/** A question to which this package assumes the answer "yes". */
export function assumed({ yes, no, ask, ...row }: Assumption): Row {
  return asked({
    ...row,
    assumed: "yes",
    answers: { yes: expected(...yes), no },
    async ask(lab) {
      const holds = await ask(lab);
      return typeof holds === "string" ? ["no", holds] : holds ? "yes" : "no";
    },
  });
}

/** A question that nobody can ask, with the reason. */
export function notAsked(name: string, question: string, untried: string, consequence: string): Row {
  return { name, question, needs: "reads", assumed: "", answers: {}, consequence, ask: undefined, untried };
}
