import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { aligned } from "../api/lines";
import { excerpt } from "../api/terminal-text";
import { creditSum } from "../deployment-run/credits";
import { EngineError } from "../resource/engine/answer";
import { same } from "../resource/kind/program-values";
import { isShare } from "./share";

const text = z.string().nullish();
const row = z.object({
  case: z.string(),
  passed: z.number(),
  runs: z.number(),
  credits: z.number(),
  failures: z.array(z.object({ sessionId: text, result: text, outcome: text, explanation: text })),
});
type Row = z.infer<typeof row>;
const inputsSchema = z.object({ name: z.string(), passRate: z.custom<number>(isShare), rows: z.array(row) });

/**
 * The provider of the resource at the end of an evaluation, which sends no request. A resource that fails keeps what depends on it
 * unchanged, also with `--continue-on-error`, and the engine prints its error under the name of the evaluation.
 */
export const verdict: pulumi.dynamic.ResourceProvider = {
  async diff(_, olds, news) {
    // Credits rise after the end of a run, and a refresh shows it.
    return same(decisive(olds), decisive(news)) ? { changes: false } : {};
  },
  async create(inputs) {
    judge(inputs);
    return { id: "passed", outs: inputs };
  },
  async update(_, __, news) {
    judge(news);
    return { outs: news };
  },
};

/** The members that decide; undefined while a preview does not know the rows. */
function decisive(inputs: unknown) {
  const { passRate, rows } = inputsSchema.safeParse(inputs).data ?? {};
  return { passRate, rows: rows?.map(({ case: name, passed, runs }) => ({ name, passed, runs })) };
}

function judge(inputs: unknown): void {
  const { name, passRate, rows } = inputsSchema.parse(inputs);
  const total = (member: "passed" | "runs" | "credits") => rows.reduce((sum, one) => sum + one[member], 0);
  const [passed, runs] = [total("passed"), total("runs")];
  // A product such as 0.7 * 10 may be a little above the whole number.
  if (passed >= passRate * runs - 1e-9) {
    return;
  }
  const share = `${passed} of ${runs} runs are satisfied (${percent(passed / runs)}), and passRate asks for ${percent(passRate)}`;
  const summary = `evaluation "${name}" failed: ${share}. The runs cost ${amount(total("credits"))} credits`;
  throw new EngineError([summary, ...tableOf(rows), remedy].join("\n"));
}

const remedy =
  "What depends on the evaluation was not changed. Correct the agent or the cases, then run `pulumi up`: it repeats the runs whose agent, case or environment has changed; changed triggers repeat all";

const percent = (share: number) => `${Math.round(share * 1_000) / 10}%`;
const amount = (credits: number) => String(creditSum([credits]));

const longestText = 300;

/** A line for each case, and below it one for each run that is not satisfied. */
function tableOf(rows: readonly Row[]): string[] {
  const cells = rows.map((one) => [one.case, `${one.passed} of ${one.runs}`, amount(one.credits)]);
  const lines = aligned([["CASE", "SATISFIED", "CREDITS"], ...cells]);
  const failures = rows.map((one) => one.failures.map(failureText));
  return lines.flatMap((line, index) => [`  ${line}`, ...(failures[index - 1] ?? []).map((text) => `    ${text}`)]);
}

function failureText({ sessionId, result, outcome, explanation }: Row["failures"][number]): string {
  const grading = outcome == null ? "" : ` (${outcome})`;
  const reason = explanation == null ? "" : `: ${explanation}`;
  return excerpt(`${sessionId ?? "no session"}: ${result ?? "result unknown"}${grading}${reason}`, longestText);
}
