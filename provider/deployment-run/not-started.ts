import { QoderApiError, QoderError } from "../api/errors";
import { excerpt, longestSentence } from "../api/terminal-text";
import type { Advice } from "../resource/kind/advice";
import type { DeploymentRunError } from "./arguments";

/** The error for a run that the service created without a session and that will get none. */
export class RunNotStartedError extends QoderError {
  override readonly name = "RunNotStartedError";
  readonly type: string;

  constructor(id: string, deploymentId: string, { type, message }: DeploymentRunError) {
    const kind = excerpt(type);
    super(`${id} of ${deploymentId} could not start: ${kind}: ${excerpt(message, longestSentence).replace(/\.$/, "")}`);
    this.type = kind;
  }
}

/** The remedies by type. The types are those of `DeploymentRun.error` in the clients. */
const remedies: readonly (readonly [types: readonly string[], remedy: string])[] = [
  [["agent_archived_error"], "Give the deployment an agent that is not archived (`agent`)"],
  [
    ["environment_archived_error", "environment_not_found_error"],
    "Give the deployment an environment that exists and is not archived (`environmentId`)",
  ],
  [
    ["vault_archived_error", "vault_not_found_error"],
    "Give the deployment vaults that exist and are not archived (`vaultIds`)",
  ],
  [
    ["file_not_found_error", "session_resource_not_found_error", "memory_store_archived_error"],
    "Give the deployment resources that exist and are not archived (`resources`)",
  ],
  [["skill_not_found_error"], "Give the agent skills that exist (`skills`)"],
  [
    ["self_hosted_resources_unsupported_error"],
    "A self-hosted environment takes no `resources` and no `environmentVariables`: remove them, or give the deployment another environment",
  ],
  [
    ["mcp_egress_blocked_error"],
    'Let the environment reach the MCP servers of the agent (`allowMcpServers: true`, or `networking: { type: "unrestricted" }`)',
  ],
  [["session_rate_limited_error"], "The service refuses more sessions at the moment: wait a minute"],
  [
    ["skipped"],
    "The deployment already has as many runs as it allows (`casConfig.maxConcurrent`): wait until one ends",
  ],
  [["workspace_archived_error", "organization_disabled_error"], "Ask those who manage the account at Qoder"],
];

export const again = "then run `pulumi up` again, which starts another run";

function hasType(error: unknown, types: readonly string[]): boolean {
  return error instanceof RunNotStartedError && types.includes(error.type);
}

/** With the words for a row of docs/troubleshooting.md. */
interface TitledAdvice extends Advice {
  readonly title: string;
}

export const startAdvices: readonly TitledAdvice[] = [
  ...remedies.map(
    ([types, remedy]): TitledAdvice => ({
      title: `could not start: ${types.map((type) => `\`${type}\``).join(", ")}`,
      fits: (error) => hasType(error, types),
      text: `${remedy}, ${again}`,
    }),
  ),
  {
    title: "could not start: any other type",
    fits: (error) => error instanceof RunNotStartedError,
    text: `Correct the cause, or ask Qoder with the id of the run, ${again}`,
  },
  {
    title: "`409 conflict_error` in a create",
    fits: (error, operation) => operation === "create" && error instanceof QoderApiError && error.status === 409,
    text: "The deployment was paused or archived a moment ago. Unpause it or set another deploymentId, then run `pulumi up` again",
  },
];
