import type { Clock } from "../provider/api/clock";
import { agents, deployments } from "../provider/kinds/table";
import { idOf } from "../provider/resource/kind/common-fields";
import { flag, Misuse, valued } from "./command";
import type { Ask } from "./terminal";
import { type CommandTime, commandTime, timeoutOption } from "./time";
import { printable } from "./words";

/** The options of a command that sends requests to one account. */
export const accountOptions = {
  workspace: valued("ID", "the workspace; left out: the default of the token"),
} as const;

/** The options that select deployments. */
export const deploymentOptions = {
  label: {
    ...valued(
      "KEY=VALUE",
      "only deployments with this label at Qoder, not together with ids; given several times: with all these labels",
    ),
    multiple: true,
  },
  all: flag("every live deployment that the token sees"),
  agent: valued("ID", "every live deployment of this agent (agent_...)"),
  stack: {
    ...valued(
      "[NAME]",
      "the deployments of this Pulumi stack, or of the selected one, in the accounts of the stack; run it in the folder of the project",
    ),
    short: "s",
  },
  ...accountOptions,
  timeout: timeoutOption,
} as const;

/** What selects deployments, in the usage of a command. */
export const selectedUsage = "dep_... | NAME | --all | --agent ID | --stack [NAME] | --label KEY=VALUE";

export const selectedArgument = [
  "dep_... NAME",
  "the deployments with these ids or names, which are the names of the program with --stack, else those at Qoder",
] as const;

/** The options of a command that asks before it changes something. */
export const askingOptions = {
  "dry-run": flag("list the changes, and make none"),
  yes: { ...flag("do not ask"), short: "y" },
} as const;

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
  | {
      readonly by: "ids";
      readonly ids: readonly string[];
      /** True if the state of a stack has the ids, so that none is a name that looks like an id. */
      readonly isRecorded?: true;
    }
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

/** Throws if the command line has several of these ways to select, each as it was given. */
function refuseSeveral(ways: readonly (string | false | undefined)[]): void {
  const [first, second] = ways.filter((way) => way !== false && way !== undefined);
  if (second !== undefined) {
    throw new Misuse(`${first} and ${second} select in two ways: leave one of them out`);
  }
}

/** Undefined if the command line selects nothing. */
export function selectionOf({ all, agent }: SelectionValues, ids: readonly string[]): Selection | undefined {
  refuseSeveral([ids[0], all && "--all", agent !== undefined && `--agent ${agent}`]);
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
  /** With `--stack`: decrypts the secrets of the stack, because the command prints what agents say, and hides them. */
  readonly isOpen?: boolean;
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
    refuseBesideStack(stack, values, workspace);
    return { by: "stack", name: stack === "" ? undefined : stack, ...narrowing };
  }
  const wrong = names.find((text) => text.trim() === "");
  if (wrong !== undefined) {
    throw new Misuse(`"${wrong}" is neither the id nor the name of a deployment`);
  }
  const isLabelAlone = label !== undefined && given.length === 0 && values.agent === undefined;
  const selection = selectionOf({ ...values, all: values.all || isLabelAlone }, given);
  if (selection?.by === "agent" && !idOf(agents).safeParse(selection.agent).success) {
    throw new Misuse(`"${selection.agent}" is not the id of an agent (agent_...)`);
  }
  if (selection?.by === "ids" && label !== undefined) {
    throw new Misuse(`--label ${label[0]} does not go with ${selection.ids[0]}, which selects by itself`);
  }
  return selection && { ...selection, ...(selection.by === "ids" ? { ids } : {}), ...narrowing };
}

function refuseBesideStack(stack: string, { all, agent }: SelectionValues, workspace: string | undefined): void {
  if (isDeploymentId(stack)) {
    throw new Misuse(`--stack takes the name of a stack, and ${stack} is a deployment; leave --stack out`);
  }
  const given = `--stack ${stack}`.trimEnd();
  refuseSeveral([all && "--all", agent !== undefined && `--agent ${agent}`, given]);
  if (workspace !== undefined) {
    throw new Misuse(
      `--workspace ${workspace} does not go with ${given}: the stack says which workspace each deployment is in`,
    );
  }
}

/** The text for a selection in which no deployment was found. */
export function nothingText(
  verb: "report" | "pause" | "resume" | "start",
  { by, labels }: DeploymentSelection,
): string {
  const which =
    labels === undefined ? "" : ` with ${labels.map(([key, value]) => printable(`${key}=${value}`)).join(" and ")}`;
  const reason =
    by === "stack"
      ? `the stack manages no deployment${which}`
      : `no live deployment${which} was found. Check that the token belongs to the account and workspace (--workspace)`;
  return `There is nothing to ${verb}: ${reason}\n`;
}

export const isDeploymentId = (text: string) => idOf(deployments).safeParse(text).success;

function labelOf(text: string): readonly [key: string, value: string] {
  const [, key, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) {
    throw new Misuse(`--label takes KEY=VALUE, such as team=search, not "${text}"`);
  }
  return [key, value];
}

interface ActingValues extends SelectionValues {
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly timeout?: string | undefined;
}

/** What a command that asks before it acts gets; undefined if the command line selects nothing, and there is no `otherwise`. */
export function selectedToAct(
  { values, positionals }: { readonly values: ActingValues; readonly positionals: readonly string[] },
  { ask, clock }: { readonly ask: Ask; readonly clock: Clock },
  otherwise?: DeploymentSelection,
) {
  const selection = deploymentsSelected(values, positionals) ?? otherwise;
  const { yes, workspace, timeout, dryRun } = values;
  // Before the first request, so that a pipeline fails at once.
  if (selection !== undefined && ask === undefined && !yes && !dryRun) {
    throw new Misuse(
      "there is no terminal to ask in; add --yes to continue without a question, or --dry-run to see what would be done",
    );
  }
  return selection && { selection, workspace, time: commandTime(timeout, clock), yes, dryRun };
}
