import type { Clock } from "../provider/api/clock";
import { agents, deployments, kinds } from "../provider/kinds/table";
import { idOf } from "../provider/resource/fields/common-fields";
import { timezoneProblem } from "../provider/schedule/timezone";
import {
  type CommandLine,
  type CommandRow,
  type CommandTime,
  commandTime,
  helpOf,
  Misuse,
  type Options,
  readArguments,
} from "./options";
import type { Ask, Sink, Streams } from "./terminal";
import { failureText, printable } from "./words";

/** Labels at Qoder, of which a selected deployment has each. */
type Labels = readonly (readonly [key: string, value: string])[];

/** The parts of a selection that only the commands about deployments have. */
interface Narrowing {
  /** The names of the program with `--stack`, else those at Qoder. */
  readonly names?: readonly string[] | undefined;
  readonly labels?: Labels | undefined;
}

/** The objects that a command line selects. */
export type Selection = (
  | { readonly by: "ids"; readonly ids: readonly string[] }
  | { readonly by: "agent"; readonly agent: string }
  /** `archived`: archived ones too. */
  | { readonly by: "all"; readonly archived?: true }
) &
  Narrowing;

/** The selection of a command that handles deployments only. */
export type DeploymentSelection =
  | Selection
  /** Without a name: the stack that is selected in the present folder. */
  | ({ readonly by: "stack"; readonly name: string | undefined } & Narrowing);

interface SelectionValues {
  readonly all: boolean;
  readonly agent?: string | undefined;
  readonly stack?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly workspace?: string | undefined;
}

/** Undefined if the command line selects nothing. */
export function selectionOf({ all, agent }: SelectionValues, ids: readonly string[]): Selection | undefined {
  if (Number(ids.length > 0) + Number(all) + Number(agent !== undefined) > 1) {
    throw new Misuse("give either ids, --all or --agent, not several of them");
  }
  if (agent !== undefined) {
    return { by: "agent", agent };
  }
  return all ? { by: "all" } : ids.length > 0 ? { by: "ids", ids } : undefined;
}

/** The part of the command line that all commands about deployments share. */
export interface Selected {
  readonly selection: DeploymentSelection;
  readonly workspace?: string | undefined;
  readonly time: CommandTime;
}

/** The selection of a command that handles deployments only; undefined if the command line selects nothing. */
export function deploymentsSelected(
  { stack, workspace, label, ...values }: SelectionValues,
  given: readonly string[],
): DeploymentSelection | undefined {
  const ids = given.filter(isDeploymentId);
  // An id selects among the deployments of the stack too: commands with --stack advise it.
  const names = given.filter((text) => stack !== undefined || !isDeploymentId(text));
  const narrowing = {
    ...(names.length === 0 ? {} : { names }),
    ...(label === undefined ? {} : { labels: label.map(labelOf) }),
  };
  if (stack !== undefined) {
    refuseBesideStack(values.all || values.agent !== undefined, workspace);
    return { by: "stack", name: stack === "" ? undefined : stack, ...narrowing };
  }
  const wrong = names.find((text) => text.trim() === "" || isIdLike(text));
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is not the id of a deployment (dep_...)`);
  }
  const isLabelAlone = label !== undefined && given.length === 0 && values.agent === undefined;
  const selection = selectionOf({ ...values, all: values.all || isLabelAlone }, given);
  if (selection?.by === "agent" && !idOf(agents).safeParse(selection.agent).success) {
    throw new Misuse(`"${selection.agent}" is not the id of an agent (agent_...)`);
  }
  if (selection?.by === "ids" && label !== undefined) {
    throw new Misuse("--label goes with --all, --agent or --stack, or alone; an id or a name selects by itself");
  }
  return selection && { ...selection, ...(selection.by === "ids" ? { ids } : {}), ...narrowing };
}

function refuseBesideStack(isSelected: boolean, workspace: string | undefined): void {
  if (isSelected) {
    throw new Misuse("give either --all, --agent or --stack, not several of them");
  }
  if (workspace !== undefined) {
    throw new Misuse("--workspace does not go with --stack: the stack says which workspace each deployment is in");
  }
}

/** The text for a selection in which no deployment was found. */
export function nothingText(verb: "report" | "pause" | "resume", { by, labels }: DeploymentSelection): string {
  const which =
    labels === undefined ? "" : ` with ${labels.map(([key, value]) => printable(`${key}=${value}`)).join(" and ")}`;
  const reason =
    by === "stack"
      ? `the stack manages no deployment${which}`
      : `no live deployment${which} was found. Check that the token belongs to the account and workspace (--workspace)`;
  return `There is nothing to ${verb}: ${reason}\n`;
}

export const isDeploymentId = (text: string) => idOf(deployments).safeParse(text).success;
/** True if the text begins like the id of an object, and so names no deployment. */
const isIdLike = (text: string) => Object.values(kinds).some(({ idPrefix }) => text.startsWith(idPrefix));

function labelOf(text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new Misuse(`--label takes KEY=VALUE, such as team=search, not "${text}"`);
  }
  return [key, value];
}

/** Refuses the value of --timezone if Node.js does not know the zone. */
export function refuseOtherThanZone(timezone: string): void {
  const problem = timezoneProblem(timezone);
  if (problem !== undefined) {
    throw new Misuse(`--timezone: ${problem}`);
  }
}

interface ActingValues extends SelectionValues {
  readonly yes: boolean;
  readonly "dry-run": boolean;
  readonly timeout?: string | undefined;
}

/** What a command that asks before it acts gets; undefined if the command line selects nothing, and there is no `otherwise`. */
export function selectedToAct(
  { values, positionals }: { readonly values: ActingValues; readonly positionals: readonly string[] },
  { ask, clock }: { readonly ask: Ask; readonly clock: Clock },
  otherwise?: DeploymentSelection,
) {
  const selection = deploymentsSelected(values, positionals) ?? otherwise;
  const { yes, workspace, timeout, "dry-run": dryRun } = values;
  // Before the first request, so that a pipeline fails at once.
  if (selection !== undefined && ask === undefined && !yes && !dryRun) {
    throw new Misuse(
      "there is no terminal to ask in; add --yes to continue without a question, or --dry-run to see what would be done",
    );
  }
  return selection && { selection, workspace, time: commandTime(timeout, clock), yes, dryRun };
}

const misused = 2;

/**
 * Runs a command and returns its exit status. `asked` returns what the command line asks for, or undefined if it selects nothing,
 * and throws a `Misuse`. `work` returns the exit status.
 */
export async function runCommand<Row extends Options, Asked extends object>(
  command: CommandRow<Row>,
  args: readonly string[],
  { stdout, stderr }: Streams,
  asked: (line: CommandLine<Row>) => Asked | undefined,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  let given: Asked | undefined;
  try {
    const line = readArguments(args, command);
    if (line.isHelp) {
      stdout.write(helpOf(command));
      return 0;
    }
    given = asked(line);
  } catch (error) {
    if (!(error instanceof Misuse)) {
      throw error;
    }
    tellMisuse(error.message, `pulumi-qoder ${command.name}`, stderr);
    return command.misused ?? misused;
  }
  if (given === undefined) {
    tellMisuse(`nothing is selected; give ${firstOf(command.usage)}`, `pulumi-qoder ${command.name}`, stderr);
    return command.misused ?? misused;
  }
  try {
    return await work(given);
  } catch (error) {
    stderr.write(failedText(command.name, error, command.again));
    return command.failed ?? 1;
  }
}

/** What the usage begins with: an argument, or several in parentheses. */
function firstOf(usage: string): string {
  const [, several, one] = /^(?:\(([^)]+)\)|(\S+))/.exec(usage) ?? [];
  return several?.replaceAll(" | ", ", ").replace(/, (?=[^,]*$)/, " or ") ?? one ?? "";
}

export function failedText(name: string, error: unknown, again?: string): string {
  return `pulumi-qoder ${name} failed: ${failureText(error, again)}\n`;
}

/** Writes the reason, and the command whose help describes the options. */
export function tellMisuse(reason: string, command: string, stderr: Sink): void {
  stderr.write(`pulumi-qoder: ${printable(reason)}${reason.endsWith("?") ? "" : "."} See \`npx ${command} --help\`\n`);
}
