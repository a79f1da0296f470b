import { parseArgs, types } from "node:util";
import { agentId, deploymentId } from "../../resource/id";
import type { Selection } from "./select";

export interface ImportCommand {
  readonly kind: "import";
  readonly selection: Selection;
  /** The folder to write into; undefined: print. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly workspace: string | undefined;
}

export type Command =
  | ImportCommand
  | { readonly kind: "help" }
  /** Without a reason: nothing was asked for. */
  | { readonly kind: "misuse"; readonly reason?: string };

export const help = `Usage: npx pulumi-qoder import (dep_... [dep_...] | --all | --agent ID) [--out FOLDER]

Takes existing Qoder deployments over into Pulumi. Reads them and writes two things: the TypeScript program that declares
them, and the file for \`pulumi import\` that tells Pulumi they exist. Sends GET requests only: nothing is changed at Qoder.

  dep_...           the deployments with these ids
  --all             every live deployment that the token sees
  --agent ID        every live deployment of this agent (agent_...)
  --out FOLDER      write FOLDER/deployments.ts and FOLDER/import.json, for their owner alone as they hold environment
                    variables; without it both are printed
  --force           replace these two files if they exist
  --workspace ID    the workspace to read in; left out: the token's default
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT; the base URL from QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else
it is https://api.qoder.com/api/v1/cloud.

How a deployment is declared:
  - What equals the service's default is left out. All metadata keys, and a pause by hand, belong to the program from then on.
  - The agent is pinned to the version that runs now, so what runs stays as it is. Raise \`version\` to move on, or take it
    out to leave the version to others: that changes nothing by itself.
  - Tokens of repositories are never given back by the API. The program has a comment where each belongs.
  - Archived deployments, and those with something this version of pulumi-qoder does not know, are left out and named.

Exit status: 0 everything was taken over, 1 something failed or was not, 2 the command line is wrong.
`;

const options = {
  all: { type: "boolean", default: false },
  agent: { type: "string" },
  out: { type: "string" },
  force: { type: "boolean", default: false },
  workspace: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

export function parseCommandLine(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return values.help ? { kind: "help" } : command(values, positionals);
  } catch (error) {
    // node:util appends a hint about "--", which no argument here needs.
    const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
    return { kind: "misuse", reason };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function command(values: Values, [name, ...ids]: readonly string[]): Command {
  if (name !== undefined && name !== "import") {
    return { kind: "misuse", reason: `"${name}" is not a command; the only one is import` };
  }
  const selections: Selection[] = [
    ...(ids.length > 0 ? [{ kind: "ids", ids } as const] : []),
    ...(values.all ? [{ kind: "all" } as const] : []),
    ...(values.agent === undefined ? [] : [{ kind: "agent", agent: values.agent } as const]),
  ];
  const [selection, ...others] = selections;
  if (name === undefined || selection === undefined) {
    return { kind: "misuse" };
  }
  const reason = others.length > 0 ? "give either ids, --all or --agent, not several of them" : idProblem(selection);
  const { out, force, workspace } = values;
  return reason === undefined ? { kind: "import", selection, out, force, workspace } : { kind: "misuse", reason };
}

function idProblem(selection: Selection): string | undefined {
  if (selection.kind === "agent") {
    return agentId.safeParse(selection.agent).success
      ? undefined
      : `"${selection.agent}" is not the id of an agent (agent_...)`;
  }
  const wrong = selection.kind === "ids" ? selection.ids.find((id) => !deploymentId.safeParse(id).success) : undefined;
  return wrong === undefined ? undefined : `"${wrong}" is not the id of a deployment (dep_...)`;
}
