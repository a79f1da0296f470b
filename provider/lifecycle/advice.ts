import { QoderApiError, QoderConnectionError, QoderReplyError } from "../api/errors";

/** What the person who reads the error can do about it; empty where the message says so itself. */
export function advice(operation: string, error: unknown): string {
  if (error instanceof QoderConnectionError) {
    return error.sent
      ? "Whether the service acted is open; run the same command again, it goes on from what is there"
      : "Nothing was sent; check the network and the base URL (qoder:baseUrl), then run the same command again";
  }
  if (error instanceof QoderReplyError) {
    return "The service may have acted; check that qoder:baseUrl is the API's own address, then run `pulumi refresh`";
  }
  return error instanceof QoderApiError ? statusAdvice(operation, error.status) : "";
}

function statusAdvice(operation: string, status: number): string {
  switch (status) {
    case 400:
      return "Nothing was changed; correct the argument and run `pulumi up` again";
    case 401:
      return "Set a valid token: `pulumi config set --secret qoder:pat`, or QODER_ACCESS_TOKEN. `refresh` and `destroy` use the configuration of the last `up` unless they get `--run-program`";
    case 403:
      return "Check that the token belongs to the account and workspace of the deployment (qoder:pat, qoder:workspaceId)";
    case 404:
      return operation === "create"
        ? "Check the ids of agent, environment, vaults and resources, and that the token sees them"
        : "If the deployment was removed elsewhere, `pulumi refresh` takes it out of the state and the next `pulumi up` creates it again";
    case 409:
      return "Run `pulumi refresh` to take in its present status, then `pulumi up`";
    case 429:
      return "The service limits requests; run the same command again, or with a lower `--parallel`";
    default:
      return status >= 500 ? "The service failed; run the same command again later, it goes on from what is there" : "";
  }
}
