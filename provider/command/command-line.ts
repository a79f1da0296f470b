import { types } from "node:util";
import { agentId, deploymentId } from "../resource/fields/common-fields";
import { failureText, type Sink, type Streams } from "./terminal";

/** What a command line asks for. */
export type Selection =
  | { readonly by: "ids"; readonly ids: readonly string[] }
  | { readonly by: "agent"; readonly agent: string }
  | { readonly by: "all" };

/** What a command that is about deployments alone takes. */
export type DeploymentSelection =
  | Selection
  /** Without a name: the stack that is selected in the present folder. */
  | { readonly by: "stack"; readonly name: string | undefined };

/** What every command takes, for `parseArgs` of node:util. */
export const commonOptions = {
  all: { type: "boolean", default: false },
  agent: { type: "string" },
  workspace: { type: "string" },
  timeout: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** For `parseArgs`, which gets the arguments through `withStackName`. */
export const stackOption = { stack: { type: "string" } } as const;

/** `--stack` may stand alone, and `parseArgs` demands the value of an option that can have one. */
export function withStackName(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    if (arg === "--stack=" || (arg === "--stack" && next === "")) {
      // As of a variable that is not set: the selected stack may be another one.
      throw new Misuse("--stack has an empty name; leave the name out for the selected stack");
    }
    return arg === "--stack" && (next === undefined || next.startsWith("-")) ? "--stack=" : arg;
  });
}

/** In milliseconds; undefined where the command line gives no limit for the whole command. */
export function timeoutOf(seconds: string | undefined): number | undefined {
  if (seconds !== undefined && !/^[1-9]\d{0,5}$/.test(seconds)) {
    throw new Misuse(`--timeout takes a whole number of seconds from 1 to 999999, not "${seconds}"`);
  }
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

interface SelectionValues {
  readonly all?: boolean | undefined;
  readonly agent?: string | undefined;
}

/** Undefined: nothing was selected. */
export function selectionOf({ all, agent }: SelectionValues, ids: readonly string[]): Selection | undefined {
  const selections: Selection[] = [
    ...(ids.length > 0 ? [{ by: "ids", ids } as const] : []),
    ...(all ? [{ by: "all" } as const] : []),
    ...(agent === undefined ? [] : [{ by: "agent", agent } as const]),
  ];
  const [selection, ...others] = selections;
  if (others.length > 0) {
    throw new Misuse("give either ids, --all or --agent, not several of them");
  }
  return selection;
}

interface DeploymentSelectionValues extends SelectionValues {
  readonly stack?: string | undefined;
  readonly workspace?: string | undefined;
}

/** The same of deployments alone. */
export function deploymentsSelected(
  { stack, workspace, ...values }: DeploymentSelectionValues,
  ids: readonly string[],
): DeploymentSelection | undefined {
  if (stack !== undefined && (ids.length > 0 || values.all || values.agent !== undefined)) {
    throw new Misuse("give either ids, --all, --agent or --stack, not several of them");
  }
  if (stack !== undefined && workspace !== undefined) {
    throw new Misuse("--workspace does not go with --stack: the stack says which workspace each deployment is in");
  }
  if (stack !== undefined) {
    return { by: "stack", name: stack === "" ? undefined : stack };
  }
  const selection = selectionOf(values, ids);
  const wrong = selection?.by === "ids" ? ids.find((id) => !deploymentId.safeParse(id).success) : undefined;
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not the id of a deployment (dep_...)`);
  }
  if (selection?.by === "agent" && !agentId.safeParse(selection.agent).success) {
    throw new Misuse(`"${selection.agent}" is not the id of an agent (agent_...)`);
  }
  return selection;
}

/** What is wrong with a command line. */
export class Misuse extends Error {}

/** What a command line asks for: a piece of work that gives its exit status. Undefined: nothing was asked for. */
export type Asked = "help" | (() => Promise<number>) | undefined;

/** What all commands do in the same way. */
interface Command {
  /** As a person types it: `pause`. */
  readonly name: string;
  readonly help: string;
  /** The exit status where the work fails. */
  readonly failed: number;
  /** What to do after a failure where nothing is wrong with what was asked; left out: of a command that only reads. */
  readonly again?: string;
}

const misused = 2;

/** Does what a command line asks for; gives its exit status. `read` throws a `Misuse`, or what `parseArgs` of node:util throws. */
export async function runCommand(
  { name, help, failed, again }: Command,
  { stdout, stderr }: Streams,
  read: () => Asked,
): Promise<number> {
  let asked: Asked;
  try {
    asked = read();
  } catch (error) {
    tellMisuse(reasonIn(error), `pulumi-qoder ${name}`, stderr);
    return misused;
  }
  if (asked === undefined) {
    stderr.write(help);
    return misused;
  }
  if (asked === "help") {
    stdout.write(help);
    return 0;
  }
  try {
    return await asked();
  } catch (error) {
    stderr.write(failedText(name, error, again));
    return failed;
  }
}

export function failedText(name: string, error: unknown, again?: string): string {
  return `pulumi-qoder ${name} failed: ${failureText(error, again)}\n`;
}

function reasonIn(error: unknown): string {
  if (error instanceof Misuse) {
    return error.message;
  }
  // node:util appends a hint about "--", which no argument here needs.
  const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
  return reason;
}

/** `command` is how to ask for help. */
export function tellMisuse(reason: string, command: string, stderr: Sink): void {
  stderr.write(`pulumi-qoder: ${reason}. See \`npx ${command} --help\`\n`);
}
