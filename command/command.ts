import { Command, CommanderError, Option } from "commander";
import { wrapped } from "../provider/api/lines";
import type { Sink, Streams } from "./printer";
import { failureText, printable } from "./words";

/** An option of a command, for commander, for the help and for the pages. */
interface OptionRow {
  /** The letter after one dash. */
  readonly short?: string;
  /** The value in the help: `ID`, or `[NAME]` if it may be left out. Absent for an option without a value. */
  readonly value?: string | undefined;
  /** The option may be given again. */
  readonly multiple?: true;
  /** The value of an option that is left out. */
  readonly default?: string;
  /** The sentence of the help. */
  readonly meaning: string;
}

export type Options = Readonly<Record<string, OptionRow>>;

/** An option that is given or not. */
export function flag(meaning: string) {
  return { meaning } as const;
}

/** An option with a value. */
export function valued(value: string, meaning: string) {
  return { value, meaning } as const;
}

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
  /** The sentence of the help that says where the token comes from. Left out: `tokenText`. */
  readonly account?: string;
  /** The command sends no request to the service. */
  readonly offline?: true;
  /** What each exit status means. Every command has the one of a wrong command line as well. */
  readonly statuses: Readonly<Record<number, string>>;
  /** The exit status of a failure. Left out: 1. */
  readonly failed?: number;
  /** The advice after a failure that is no mistake of the person. Left out: the advice of a command that only reads. */
  readonly again?: string;
  /** The page that describes the rest. */
  readonly page: string;
}

/** The exit status of a wrong command line (EX_USAGE in sysexits.h). A shell never gives it to a command that it cannot run. */
export const misused = 64;

/** The meaning of each exit status in one sentence. */
function statusesText({ statuses }: Pick<CommandRow, "statuses">): string {
  const all = Object.entries({ ...statuses, [misused]: "the command line is wrong" });
  return `${all.map(([status, meaning]) => `${status} ${meaning}`).join("; ")}.`;
}

/** The error for a wrong command line. */
export class Misuse extends Error {}

/** The name under which commander gives the value of an option: `dryRun` for `--dry-run`, `results` for `--no-results`. */
type ValueName<Name> = Name extends `no-${infer Rest}`
  ? ValueName<Rest>
  : Name extends `${infer First}-${infer Rest}`
    ? `${First}${Capitalize<ValueName<Rest>>}`
    : Name;

type ValueOf<Row> = Row extends { readonly value: string }
  ? Row extends { readonly multiple: true }
    ? readonly string[] | undefined
    : Row extends { readonly default: string }
      ? string
      : string | undefined
  : boolean;

/** The read command line of a command with these options. An option `[NAME]` without a name has the value "". */
export interface CommandLine<Row extends Options> {
  readonly values: { readonly [Name in keyof Row as ValueName<Name>]: ValueOf<Row[Name]> };
  readonly positionals: readonly string[];
}

/** A command of commander that writes to these streams, and throws in place of ending the process. */
export function commanderOf(name: string, usage: string, { stdout, stderr }: Streams): Command {
  const start = "Usage: ";
  return new Command(name)
    .exitOverride()
    .helpOption("-h, --help", "print this text")
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: () => {},
    })
    .configureHelp({
      helpWidth: stdout.proseColumns,
      commandUsage: () => wrapped(usage, stdout.proseColumns, "  ", start).join("\n").slice(start.length),
      optionTerm: ({ flags }) => flags.replace(/[<>]/g, ""),
      optionDescription: ({ description }) => description,
      subcommandTerm: (command) => command.name(),
    });
}

const tokenText =
  "The token is QODER_ACCESS_TOKEN, else QODER_PAT, or QODER_SA_KEY of a service account; the base URL is QODER_BASE_URL.";
const stackText = " With --stack, the configuration of the stack comes first.";

/** The command as commander reads and describes it. */
export function commandOf(row: CommandRow, streams: Streams): Command {
  const { name, brief, usage, does, argument, options, account, offline, page } = row;
  const command = commanderOf(name, `npx pulumi-qoder ${name} ${usage}`, streams).summary(brief).description(does);
  if (argument !== undefined) {
    command.argument(`[${argument[0]}...]`, argument[1]);
  }
  for (const [option, optionRow] of Object.entries(options)) {
    command.addOption(optionOf(option, optionRow));
  }
  const token = account ?? `${tokenText}${"stack" in options ? stackText : ""}`;
  const paragraphs = [...(offline ? [] : [token]), `Exit status: ${statusesText(row)}`];
  const text = paragraphs.map((one) => wrapped(one, streams.stdout.proseColumns).join("\n"));
  return command.addHelpText("after", `\n${text.join("\n\n")}\nMore: ${page}`);
}

/** `-s, --stack [NAME]` */
export function flagsOf(name: string, { short, value }: OptionRow): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

function optionOf(name: string, row: OptionRow): Option {
  const { value, meaning } = row;
  const isOptional = value?.startsWith("[") === true;
  const shown = value === undefined || isOptional ? value : `<${value}>`;
  const option = new Option(flagsOf(name, { ...row, value: shown }), meaning);
  if (value === undefined) {
    return option.negate ? option : option.default(false);
  }
  const given: string[] = [];
  const read = (text: unknown) => {
    const one = text === withoutName ? "" : String(text);
    refuseDoubtful(name, row, one, given.length > 0, text === withoutName);
    given.push(one);
    return row.multiple === undefined ? one : given;
  };
  return option
    .preset(isOptional ? withoutName : undefined)
    .default(row.default)
    .argParser(read);
}

/** In place of the value of an option that is given without one. */
const withoutName = Symbol("without a name");

/** The options whose empty value would count as left out. The others have an error of their own. */
const silentlyEmpty = ["workspace", "out", "stack"];

/**
 * Refuses what commander accepts silently: it takes the last of several values, so that `--agent a --agent b` would select b
 * only, an empty value, probably of an unset variable, and the next option as the value of an option whose variable is unset.
 */
function refuseDoubtful(name: string, row: OptionRow, text: string, isAgain: boolean, mayBeEmpty: boolean): void {
  if (isAgain && row.multiple === undefined) {
    throw new Misuse(`--${name} takes one value; give it once`);
  }
  if (text.trim() === "" && !mayBeEmpty && silentlyEmpty.includes(name)) {
    throw new Misuse(
      row.value === "[NAME]"
        ? `--${name} has an empty name; leave the name out for the selected stack`
        : `--${name} has an empty value`,
    );
  }
  if (/^--?[a-z]/i.test(text)) {
    throw new Misuse(`--${name} needs a value, and "${text}" looks like an option`);
  }
}

/** Undefined if the help was asked for, and printed. Throws a `Misuse` for a wrong command line. */
function read<Row extends Options>(row: CommandRow<Row>, args: readonly string[], streams: Streams) {
  const command = commandOf(row, streams);
  return parsed(command, args)
    ? { values: command.opts<CommandLine<Row>["values"]>(), positionals: command.args }
    : undefined;
}

/** False if commander has printed the help or the version. Throws a `Misuse` for a wrong command line. */
export function parsed(command: Command, args: readonly string[]): boolean {
  try {
    command.parse(args, { from: "user" });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) {
      throw error;
    }
    if (error.exitCode === 0) {
      return false;
    }
    // `help NAME` prints the help of the package for a name that is no command.
    const message = error.code === "commander.help" ? "no command has this name" : messageOf(error, command);
    throw new Misuse(message.replace(/^error: |\.$/g, "").replace(/\n\(Did (.*\?)\)$/, "; did $1"));
  }
}

function messageOf({ code, message }: CommanderError, command: Command): string {
  const [first] = command.args;
  if (code !== "commander.excessArguments" || first === undefined) {
    return message;
  }
  const stack = command.options.some(({ long }) => long === "--stack") ? `; write --stack ${first} for a stack` : "";
  return `${command.name()} takes no argument such as "${first}"${stack}`;
}

/**
 * Runs a command and returns its exit status. `asked` returns what the command line asks for, or undefined if it selects nothing,
 * and throws a `Misuse`. `work` returns the exit status.
 */
export async function runCommand<Row extends Options, Asked extends object>(
  command: CommandRow<Row>,
  args: readonly string[],
  streams: Streams,
  asked: (line: CommandLine<Row>) => Asked | undefined,
  work: (asked: Asked) => Promise<number>,
): Promise<number> {
  try {
    const line = read(command, args, streams);
    if (line === undefined) {
      return 0;
    }
    const given = asked(line);
    if (given === undefined) {
      throw new Misuse(`nothing is selected; give ${firstOf(command.usage)}`);
    }
    return await work(given);
  } catch (error) {
    if (error instanceof Misuse) {
      return tellMisuse(error, `pulumi-qoder ${command.name}`, streams.stderr);
    }
    streams.stderr.write(failedText(command.name, error, command.again));
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

/** Writes the reason, and the command whose help describes the options. Returns the exit status. */
export function tellMisuse({ message }: Misuse, command: string, stderr: Sink): number {
  stderr.write(
    `pulumi-qoder: ${printable(message)}${message.endsWith("?") ? "" : "."} See \`npx ${command} --help\`\n`,
  );
  return misused;
}

export function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > most) {
    throw new Misuse(`--${option} takes a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
