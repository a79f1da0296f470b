import { z } from "zod";
import type { QoderClient } from "../api/client";
import { redacted } from "../api/redacted";
import { parseEnvironmentVariables } from "../deployment/argument-rows";
import { deployments } from "../kinds/table";
import { getRequest } from "../resource/requests";
import type { RunError } from "./arguments";
import type { DeploymentRunReply } from "./reply";
import type { RunResult } from "./result";

const variablesSchema = z.union([z.string().transform(parseEnvironmentVariables), z.record(z.string(), z.unknown())]);

/** The values of environment variables: deployments show these as a text, sessions as an object. */
export function valuesIn(variables: unknown): string[] {
  return Object.values(variablesSchema.safeParse(variables).data ?? {}).map(String);
}

const deploymentSchema = z.looseObject({ environment_variables: z.unknown() });

/**
 * The run, whose own error may repeat environment variables: without a session only the deployment shows these. An error that the state
 * has is clean, and needs no request.
 */
export async function withCleanError<Run extends DeploymentRunReply>(
  client: QoderClient,
  run: Run,
  recorded?: RunError,
): Promise<Run> {
  const { error, deployment_id: id } = run;
  if (error == null || recorded?.type === error.type) {
    return error == null ? run : { ...run, error: recorded };
  }
  const read = id === undefined ? undefined : client.read(getRequest(deployments, id), deploymentSchema);
  const deployment = await read?.catch(() => undefined);
  const variables = valuesIn(deployment?.environment_variables);
  const clean = (text: string) =>
    deployment === undefined ? unread : redacted(text, [...client.secrets, ...variables]);
  return { ...run, error: { type: error.type, message: clean(error.message) } };
}

const unread = "its words are not shown, as the secrets of the deployment could not be read";

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
