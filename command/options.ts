import { type ParseArgsConfig, parseArgs, types } from "node:util";
import { type Clock, systemClock } from "../provider/api/clock";
import type { TimeLimit } from "../provider/api/connection";
import { QoderError } from "../provider/api/errors";
import { wrapped } from "../provider/api/lines";
import { suggestion } from "../provider/resource/check/suggestion";

/** An option of a command: what `parseArgs` of node:util reads, and what the help says. */
interface OptionRow {
  readonly type: "boolean" | "string";
  readonly short?: string;
  readonly multiple?: true;
  /** Absent for a value that may be left out, and for an option whose absence has a meaning. */
  readonly default?: boolean | string;
  /** The value in the help: `ID`. Absent for an option without a value. */
  readonly value?: string;
  /** The sentence of the help. */
  readonly meaning: string;
}

export type Options = Readonly<Record<string, OptionRow>>;

/** An option that is given or not. */
export function flag(meaning: string) {
  return { type: "boolean", default: false, meaning } as const;
}

/** An option with a value. */
export function valued(value: string, meaning: string) {
  return { type: "string", value, meaning } as const;
}

/** The options of every command. */
const commonOptions = { help: { ...flag("print this text"), short: "h" } } as const;

/** The options of a command that sends requests to one account. */
export const accountOptions = {
  workspace: valued("ID", "the workspace; left out: the default of the token"),
} as const;

export const timeoutOption = valued(
  "SECONDS",
  "the time limit of the whole command; left out: 5 minutes for each object and each page of a list",
);

/** The options that select deployments. */
export const deploymentOptions = {
  label: {
    ...valued(
      "KEY=VALUE",
      "only the ones with this label at Qoder, and not beside ids; given again: with each of them",
    ),
    multiple: true,
  },
  all: flag("every live deployment that the token sees"),
  agent: valued("ID", "every live deployment of this agent (agent_...)"),
  stack: valued(
    "[NAME]",
    "the deployments of this Pulumi stack, or of the selected one, in the accounts of the stack; run it in the folder of the project",
  ),
  ...accountOptions,
  timeout: timeoutOption,
} as const;

/** The arguments that select deployments. */
export const selectedArgument = [
  "dep_... NAME",
  "the deployments with these ids or names, which are the names of the program with --stack, else those at Qoder",
] as const;

/** The options of a command that asks before it changes something. */
export const askingOptions = {
  "dry-run": flag("list the changes, and make none"),
  yes: flag("do not ask"),
} as const;

/** A command in the help of the package, and its own help. */
export interface CommandRow<Row extends Options = Options> {
  readonly name: string;
  /** The line of the command in the help of the package. */
  readonly brief: string;
  /** What follows the name on the command line. */
  readonly usage: string;
  /** What the command does. */
  readonly does: string;
  /** The argument without `--`, with its meaning; absent if the command takes none. */
  readonly argument?: readonly [name: string, meaning: string];
  readonly options: Row;
  /** Where the token comes from, if it does not only come from the environment. */
  readonly account?: string;
  /** The command sends no request to the service. */
  readonly offline?: true;
  readonly statuses: string;
  /** The exit status of a failure. Left out: 1. */
  readonly failed?: number;
  /** The exit status of a wrong command line. Left out: 2. */
  readonly misused?: number;
  /** The advice after a failure that is no mistake of the person. Left out: the advice of a command that only reads. */
  readonly again?: string;
  /** The page that describes the rest. */
  readonly page: string;
}

const columns = 100;
const gap = "  ";

/** The help of a command: at most 100 columns. */
export function helpOf({ name, usage, does, argument, options, account, offline, statuses, page }: CommandRow): string {
  const all: Options = { ...options, ...commonOptions };
  const rows = Object.entries(all).map(([option, { short, value, meaning }]) => {
    const dashed = [...(short === undefined ? [] : [`-${short}`]), `--${option}`].join(", ");
    return [value === undefined ? dashed : `${dashed} ${value}`, meaning] as const;
  });
  const token = [tokenText, account ?? []].flat().join(" ");
  return [
    ...wrapped(usage, columns, gap, `Usage: npx pulumi-qoder ${name} `),
    "",
    ...wrapped(does, columns),
    "",
    table([...(argument === undefined ? [] : [argument]), ...rows]),
    "",
    ...(offline ? [] : [...wrapped(token, columns), ""]),
    ...wrapped(`Exit status: ${statuses}`, columns),
    `More: ${page}`,
    "",
  ].join("\n");
}

const tokenText =
  "The token comes from QODER_PAT, or QODER_SA_KEY for a service account, the base URL from QODER_BASE_URL.";

/** A line for each row: the name, and its meaning in a column of its own. */
export function table(rows: readonly (readonly [name: string, meaning: string])[]): string {
  const column = Math.max(...rows.map(([name]) => name.length)) + 2 * gap.length;
  return rows
    .flatMap(([name, meaning]) => wrapped(meaning, columns, " ".repeat(column), `${gap}${name}`.padEnd(column)))
    .join("\n");
}

/** The error for a wrong command line. */
export class Misuse extends Error {}

/** The options whose empty value would count as left out. The others have an error of their own. */
const silentlyEmpty = ["workspace", "out"];

/**
 * Reads a command line. Refuses what `parseArgs` of node:util accepts without a word: it takes the last of several values, so
 * that `--agent a --agent b` would select b only, and an empty value, probably of an unset variable, would count as a left out
 * one.
 */
export function readArguments<Row extends Options>(args: readonly string[], { options, argument }: CommandRow<Row>) {
  const config = { ...options, ...commonOptions };
  const read = parsed(withStackName(args), config, argument !== undefined);
  const given = new Set<string>();
  for (const token of read.tokens) {
    if (token.kind !== "option" || token.value === undefined || config[token.name]?.multiple === true) {
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
  const isHelp = read.tokens.some((token) => token.kind === "option" && token.name === "help");
  return { ...read, isHelp };
}

/** The read command line of a command with these options. */
export type CommandLine<Row extends Options> = ReturnType<typeof readArguments<Row>>;

function parsed<Config extends NonNullable<ParseArgsConfig["options"]>>(
  args: string[],
  options: Config,
  allowPositionals: boolean,
) {
  try {
    return parseArgs({ args, options, allowPositionals, tokens: true });
  } catch (error) {
    // The first sentence only: node:util appends a hint about "--" also where no argument fits.
    const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
    const [, unknown] = /^Unknown option '--([^']+)'/.exec(reason) ?? [];
    throw new Misuse(
      unknown === undefined
        ? reason
        : `${reason}${suggestion(unknown, Object.keys(options)).replace("mean ", "mean --")}`,
    );
  }
}

/** The value of an option that takes a number. `of` says what it counts. */
export function wholeNumber(option: string, text: string, least: number, most: number, of = ""): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Misuse(`--${option} takes a whole number${of} from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

/** Gives a `--stack` without a name an empty value, because `parseArgs` requires a value for an option that can have one. */
function withStackName(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, index) => {
    const next = args[index + 1];
    if (end !== -1 && index > end) {
      return arg;
    }
    if (arg === "--stack=" || (arg === "--stack" && next === "")) {
      // Probably an unset variable of a shell; the selected stack may be a different one.
      throw new Misuse("--stack has an empty name; leave the name out for the selected stack");
    }
    return arg === "--stack" && (next === undefined || next.startsWith("-")) ? "--stack=" : arg;
  });
}

/** The time of a command. All parts of the command share this value, so each error names the limit that the person gave. */
export interface CommandTime {
  readonly clock: Clock;
  /** Undefined: each object, each page of a list and each call of the Pulumi CLI has a limit of its own. */
  readonly limit?: Pick<TimeLimit, "wholeMs" | "deadline">;
}

/** The time of a command from now on, with the value of `--timeout`. */
export function commandTime(seconds: string | undefined, clock: Clock = systemClock): CommandTime {
  if (seconds === undefined) {
    return { clock };
  }
  const wholeMs = wholeNumber("timeout", seconds, 1, 999_999, " of seconds") * 1_000;
  return { clock, limit: { wholeMs, deadline: clock.now() + wholeMs } };
}

/** Throws if the time of the command is over: no timer ends a loop that waits for nothing. */
export function refuseLate({ clock, limit }: CommandTime): void {
  if (limit !== undefined && clock.now() >= limit.deadline) {
    throw new QoderError(
      `the time limit of ${limit.wholeMs / 1_000} s for the whole command was reached. Run the same command again with more time (--timeout SECONDS)`,
    );
  }
}
