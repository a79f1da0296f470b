import { type ParseArgsConfig, parseArgs, types } from "node:util";
import { agents, deployments } from "../program/kinds";
import { idOf } from "../resource/fields/common-fields";
import type { Ask, Sink, Streams } from "./terminal";
import { failureText } from "./words";

/** The objects that a command line selects. */
export type Selection =
  | { readonly by: "ids"; readonly ids: readonly string[] }
  | { readonly by: "agent"; readonly agent: string }
  | { readonly by: "all" };

/** The selection of a command that handles deployments only. */
export type DeploymentSelection =
  | Selection
  /** Without a name: the stack that is selected in the present folder. */
  | { readonly by: "stack"; readonly name: string | undefined };

/** The options of every command, for `parseArgs` of node:util. */
export const commonOptions = {
  all: { type: "boolean", default: false },
  agent: { type: "string" },
  workspace: { type: "string" },
  timeout: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** The options of a command that handles deployments only, for `parseArgs` after `withStackName`. */
export const deploymentOptions = { ...commonOptions, stack: { type: "string" } } as const;

/** Gives a `--stack` without a name an empty value, because `parseArgs` requires a value for an option that can have one. */
export function withStackName(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    const next = args[index + 1];
    if (arg === "--stack=" || (arg === "--stack" && next === "")) {
      // Probably an unset variable of a shell; the selected stack may be a different one.
      throw new Misuse("--stack has an empty name; leave the name out for the selected stack");
    }
    return arg === "--stack" && (next === undefined || next.startsWith("-")) ? "--stack=" : arg;
  });
}

/** The options whose empty value would count as left out. The others have an error of their own. */
const silentlyEmpty = ["workspace", "out"];

/**
 * Reads a command line. Refuses what `parseArgs` of node:util accepts without a word: it takes the last of several values, so
 * that `--agent a --agent b` would select b only, and an empty value, probably of an unset variable, would count as a left out
 * one.
 */
export function readArguments<Options extends NonNullable<ParseArgsConfig["options"]>>(
  args: readonly string[],
  options: Options,
  allowPositionals = true,
) {
  const read = parseArgs({ args: [...args], options, allowPositionals, tokens: true });
  const given = new Set<string>();
  for (const token of read.tokens) {
    if (token.kind !== "option" || token.value === undefined || options[token.name]?.multiple === true) {
      continue;
    }
    if (given.has(token.name)) {
      throw new Misuse(`--${token.name} takes one value; give it once`);
    }
    if (token.value.trim() === "" && silentlyEmpty.includes(token.name)) {
      throw new Misuse(`--${token.name} has an empty value`);
    }
    given.add(token.name);
  }
  return read;
}

/** The time limit of the whole command in milliseconds; undefined if the command line gives none. */
export function timeoutOf(seconds: string | undefined): number | undefined {
  if (seconds !== undefined && !/^[1-9]\d{0,5}$/.test(seconds)) {
    throw new Misuse(`--timeout takes a whole number of seconds from 1 to 999999, not "${seconds}"`);
  }
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}

interface SelectionValues {
  readonly all: boolean;
  readonly agent?: string | undefined;
  readonly stack?: string | undefined;
  readonly workspace?: string | undefined;
}

/** Undefined if the command line selects nothing. */
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

/** The part of the command line that all commands about deployments share. */
export interface Selected {
  readonly selection: DeploymentSelection;
  readonly workspace: string | undefined;
  /** The time limit of the whole command. */
  readonly timeoutMs: number | undefined;
}

/** The selection of a command that handles deployments only; undefined if the command line selects nothing. */
export function deploymentsSelected(
  { stack, workspace, ...values }: SelectionValues,
  ids: readonly string[],
): DeploymentSelection | undefined {
  if (stack !== undefined) {
    if (ids.length > 0 || values.all || values.agent !== undefined) {
      throw new Misuse("give either ids, --all, --agent or --stack, not several of them");
    }
    if (workspace !== undefined) {
      throw new Misuse("--workspace does not go with --stack: the stack says which workspace each deployment is in");
    }
    return { by: "stack", name: stack === "" ? undefined : stack };
  }
  const selection = selectionOf(values, ids);
  const deploymentId = idOf(deployments);
  const wrong = selection?.by === "ids" ? ids.find((id) => !deploymentId.safeParse(id).success) : undefined;
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not the id of a deployment (dep_...)`);
  }
  if (selection?.by === "agent" && !idOf(agents).safeParse(selection.agent).success) {
    throw new Misuse(`"${selection.agent}" is not the id of an agent (agent_...)`);
  }
  return selection;
}

/** Throws if nobody can answer. Called before the first request, so that a pipeline fails at once. */
export function refuseUnasked(ask: Ask, { yes, dryRun }: { readonly yes: boolean; readonly dryRun: boolean }): void {
  if (ask === undefined && !yes && !dryRun) {
    throw new Misuse(
      "there is no terminal to ask in; add --yes to go on without a question, or --dry-run to see what would be done",
    );
  }
}

/** The error for a wrong command line. */
export class Misuse extends Error {}

/** The properties by which commands differ. */
interface Command {
  readonly name: string;
  readonly help: string;
  /** The exit status of a failure. */
  readonly failed: number;
  /** The advice after a failure that is no mistake of the person. Left out: the advice of a command that only reads. */
  readonly again?: string;
}

const misused = 2;

/** What a command line asks for. Undefined if it selects nothing. */
export type Read<Asked extends object> = Asked | "help" | undefined;

/**
 * Runs a command and returns its exit status. `read` reads the command line, and throws a `Misuse` or the errors of
 * `parseArgs` of node:util. `work` returns the exit status.
 */
export async function runCommand<Asked extends object>(
  { name, help, failed, again }: Command,
  { stdout, stderr }: Streams,
  read: () => Read<Asked>,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  let asked: Read<Asked>;
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
    return await work(asked);
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
  // The first sentence only: node:util appends a hint about "--", which no argument here needs.
  const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
  return reason;
}

/** Writes the reason, and the command whose help describes the options. */
export function tellMisuse(reason: string, command: string, stderr: Sink): void {
  stderr.write(`pulumi-qoder: ${reason}. See \`npx ${command} --help\`\n`);
}
