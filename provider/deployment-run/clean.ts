import { z } from "zod";
import { redacted } from "../api/redacted";
import { parseEnvironmentVariables } from "../deployment/argument-rows";
import type { RunResult } from "./result";

const variablesSchema = z.union([z.string().transform(parseEnvironmentVariables), z.record(z.string(), z.unknown())]);

/** The values of environment variables: deployments show these as a text, sessions as an object. */
export function valuesIn(variables: unknown): string[] {
  return Object.values(variablesSchema.safeParse(variables).data ?? {}).map(String);
}

/** The result without these secrets, which the agent, the grader or the service may repeat in their words. */
export function withoutSecrets(result: RunResult, secrets: Iterable<string>): RunResult {
  const all = [...secrets];
  return all.length === 0 ? result : cleanResult(result, (text) => redacted(text, all));
}

export function cleanResult(result: RunResult, clean: (text: string) => string): RunResult {
  const { said, outcome, explanation } = result;
  return {
    ...cleanRun(result, clean),
    ...(said === undefined ? {} : { said: clean(said) }),
    ...(outcome === undefined ? {} : { outcome: clean(outcome) }),
    ...(explanation === undefined ? {} : { explanation: clean(explanation) }),
  };
}

/** The run, or its result, with a clean error. */
export function cleanRun<Run extends Pick<RunResult, "error">>(run: Run, clean: (text: string) => string): Run {
  const { error } = run;
  return error === undefined ? run : { ...run, error: { type: clean(error.type), message: clean(error.message) } };
}
