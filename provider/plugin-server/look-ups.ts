import { secretOutputs } from "../deployment/secret-members";
import { runsQuestion } from "../deployment-run/question";
import type { Find } from "../program/look-up";
import { type Question, questionOf } from "../program/question";
import type { Properties } from "../resource/program-values";
import { skillQuestion } from "../skill/question";
import { bareProperties, holdsSecret, secret } from "./marks";
import type { Door } from "./resources";

type Loaded = typeof import("../look-ups");

/** HTTP and zod are loaded with the first question. */
function loaded(): Loaded {
  return require("../look-ups");
}

interface Asked extends Pick<Parameters<Find>[0], "isSecret" | "configuration" | "tell"> {
  readonly name: string;
  readonly args: Properties;
}

function asks<Args>(question: (called: string, args: unknown) => Question<Args>, load: (from: Loaded) => Find<Args>) {
  return ({ name, args, ...asked }: Asked) => load(loaded())({ ...question(name, args), ...asked });
}

/** By the names under which programs of the SDK call them. */
const lookUps: Readonly<Record<string, (asked: Asked) => ReturnType<Find>>> = {
  getAgent: asks(questionOf, (from) => from.findAgent),
  getDeployment: asks(questionOf, (from) => from.findDeployment),
  getEnvironment: asks(questionOf, (from) => from.findEnvironment),
  getSkill: asks(skillQuestion, (from) => from.findSkill),
  listDeploymentRuns: asks(runsQuestion, (from) => from.findDeploymentRuns),
};

/** What a look-up finds. What it tells on the way belongs to no resource. */
export async function lookUp(token: string, args: Properties, { session, configuration }: Door): Promise<Properties> {
  const name = token.split(":").at(-1) ?? "";
  const find = Object.hasOwn(lookUps, name) ? lookUps[name] : undefined;
  if (find === undefined) {
    throw new Error(`there is no function ${token}`);
  }
  const { tell } = session.surroundings;
  const found = await find({
    name,
    args: bareProperties(args),
    isSecret: holdsSecret(args),
    configuration,
    tell: (text, isWarning) => tell({ severity: isWarning ? "warning" : "info", text, urn: undefined }),
  });
  const secrets = name === "getDeployment" ? secretOutputs : [];
  const marked = { ...found, ...Object.fromEntries(secrets.map((output) => [output, secret(found?.[output])])) };
  return Object.fromEntries(Object.entries(marked).map(([output, value]) => [output, inLongForm(output, value)]));
}

/** A schema has one type for what a function answers with, so an id that may have settings beside it never stands alone. */
function inLongForm(output: string, value: unknown): unknown {
  return ["agent", "model"].includes(output) && typeof value === "string" ? { id: value } : value;
}
