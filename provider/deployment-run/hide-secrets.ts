import { z } from "zod";
import type { QoderClient } from "../api/client";
import { redacted } from "../api/redacted";
import { parseEnvironmentVariables } from "../deployment/argument-rows";
import { deployments } from "../kinds/table";
import { getRequest } from "../resource/kind/requests";
import type { DeploymentRunError } from "./arguments";
import type { DeploymentRunReply } from "./reply";
import type { RunResult } from "./result";

type Clean = (text: string) => string;

const variablesSchema = z.union([z.string().transform(parseEnvironmentVariables), z.record(z.string(), z.unknown())]);

/** The values of environment variables: deployments show these as a text, sessions as an object. */
export function valuesIn(variables: unknown): string[] {
  return Object.values(variablesSchema.safeParse(variables).data ?? {}).map(String);
}

const deploymentSchema = z.looseObject({ environment_variables: z.unknown().optional() });

/**
 * The run, whose own error may repeat environment variables: without a session only the deployment shows these. An error that the state
 * has is clean, and needs no request.
 */
export async function withCleanError<Run extends DeploymentRunReply>(
  client: QoderClient,
  run: Run,
  recorded?: DeploymentRunError,
): Promise<Run> {
  const { error, deployment_id: id } = run;
  if (error == null || recorded?.type === error.type) {
    return error == null ? run : { ...run, error: recorded };
  }
  const clean = id === undefined ? undefined : await cleanerOf(client, id);
  return { ...run, ...cleanRun({ error }, clean) };
}

/** The runs of one deployment with clean errors. Only an error takes a request. */
export async function withCleanErrors<Run extends Pick<RunResult, "error">>(
  client: QoderClient,
  id: string,
  runs: readonly Run[],
  listed?: unknown,
): Promise<Run[]> {
  const isClean = runs.every(({ error }) => error === undefined);
  const clean = isClean ? undefined : await cleanerOf(client, id, listed);
  return runs.map((run) => cleanRun(run, clean));
}

/**
 * Cleans the own errors of runs of the deployment; undefined if nobody can read its variables. A list, which has shown the deployment as
 * `listed`, may leave the variables out.
 */
export async function cleanerOf(client: QoderClient, id: string, listed?: unknown): Promise<Clean | undefined> {
  const isShown = "environment_variables" in Object(listed);
  const read = async () => client.read(getRequest(deployments, id), deploymentSchema).catch(() => undefined);
  const deployment = isShown ? deploymentSchema.parse(listed) : await read();
  const secrets = [...client.secrets, ...valuesIn(deployment?.environment_variables)];
  return deployment && ((text) => redacted(text, secrets));
}

const unread = "its words are not shown, as the secrets of the deployment could not be read";

/** The result without these secrets, which the agent, the grader or the service may repeat in their words. */
export function withoutSecrets(result: RunResult, secrets: Iterable<string>): RunResult {
  const all = [...secrets];
  return all.length === 0 ? result : cleanResult(result, (text) => redacted(text, all));
}

export function cleanResult(result: RunResult, clean: Clean): RunResult {
  const { said, outcome, explanation } = result;
  return {
    ...cleanRun(result, clean),
    ...(said === undefined ? {} : { said: clean(said) }),
    ...(outcome === undefined ? {} : { outcome: clean(outcome) }),
    ...(explanation === undefined ? {} : { explanation: clean(explanation) }),
  };
}

/** The run, or its result, with a clean error. Without `clean` nobody knows the secrets, and the message is left out. */
export function cleanRun<Run extends Pick<RunResult, "error">>(run: Run, clean?: Clean): Run {
  const { error } = run;
  return error === undefined
    ? run
    : { ...run, error: { type: clean?.(error.type) ?? error.type, message: clean?.(error.message) ?? unread } };
}
