import { createInterface } from "node:readline";
import { type Clock, systemClock } from "../provider/api/clock";
import { width, wrapped } from "../provider/api/lines";
import { redacted } from "../provider/api/redacted";
import { escaped } from "../provider/api/terminal-text";
import { timezoneProblem } from "../provider/schedule/timezone";

/** The environment variables of a command. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The names of environment variables that contain secrets. */
const secretName = /(TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY|PAT)$/i;

export function secretsIn(environment: Environment): string[] {
  return Object.entries(environment).flatMap(([name, value = ""]) => (secretName.test(name) ? value.trim() || [] : []));
}

/** A stream of the process, or of a test. */
interface Stream {
  /** The width of the terminal; undefined without a terminal. */
  readonly columns?: number | undefined;
  readonly isTTY?: boolean;
  /** `done` is called when the text has left this process, or with the error for which it has not. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

/** The columns of a table or a paragraph in a file or a pipe; most terminals have at least as many. */
export const ordinaryColumns = 100;

/** A shorter secret, such as the value of a variable, may be a word or a name that the command must show. */
const shortestSecret = 16;

/**
 * The only way on which a command prints. No text of the service or of the command line acts on the terminal, repeats a secret that the
 * command knows, or looks like a line of its own: the next lines of a line that is broken here are indented.
 */
export class Sink {
  /** The `secrets` may grow: clients add the tokens of their requests. */
  constructor(
    private readonly stream: Stream,
    private readonly secrets: ReadonlySet<string> = new Set(),
  ) {}

  get columns(): number | undefined {
    return this.stream.columns;
  }

  get isTerminal(): boolean {
    return this.stream.isTTY === true;
  }

  /** Prints lines. A terminal gets them broken at its width; lines for a program, such as JSON, stay whole there too. */
  write(text: string, isForProgram = false): void {
    const clean = this.clean(text);
    this.stream.write(isForProgram || this.columns === undefined ? clean : broken(clean, this.columns));
  }

  /** True as soon as all that was printed has left this process; false if it could not. */
  isWritten(): Promise<boolean> {
    return new Promise((resolve) => {
      this.stream.write("", (error) => resolve(error == null));
    });
  }

  /** Prints a line in place of the present one, on a terminal only. */
  overwrite(line: string): void {
    if (this.isTerminal) {
      this.stream.write(`\r${this.clean(line)}\u001b[K`);
    }
  }

  /** The text as the sink writes it, for a file. */
  clean(text: string): string {
    const secrets = [...this.secrets].filter(({ length }) => length >= shortestSecret);
    return escaped(redacted(text, secrets));
  }
}

function broken(text: string, columns: number): string {
  const lines = text.split("\n").flatMap((line) => {
    const start = " ".repeat(Math.min(line.search(/[^ ]|$/), columns / 2));
    return width(line) <= columns ? [line] : wrapped(line.slice(start.length), columns, `${start}  `, start);
  });
  return lines.join("\n");
}

export interface Streams {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** All secrets that the command knows: of its environment, of the stack, and of the requests so far. */
  readonly secrets: Set<string>;
}

export function streamsOf(
  { stdout, stderr }: Readonly<Record<"stdout" | "stderr", Stream>>,
  known: Iterable<string> = [],
): Streams {
  const secrets = new Set(known);
  return { stdout: new Sink(stdout, secrets), stderr: new Sink(stderr, secrets), secrets };
}

/** The surroundings of a command that writes. */
export interface WriteSurroundings {
  readonly clock: Clock;
  readonly ask: Ask;
}

export function processSurroundings(): WriteSurroundings {
  return { clock: systemClock, ask: terminalQuestion() };
}

/** Asks a person, and returns false if the answer is no. Undefined if nobody can answer. */
export type Ask = ((question: string) => Promise<boolean>) | undefined;

/** Asks at the terminal of this process; undefined if there is none. */
export function terminalQuestion(): Ask {
  const { stdin, stderr } = process;
  return stdin.isTTY === true && stderr.isTTY === true ? ask : undefined;
}

/** The question goes to stderr, because it is no part of the output. */
function ask(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise((resolve) => {
    // Ctrl-C and the end of the input also mean no.
    terminal.once("close", () => resolve(false));
    terminal.question(`${escaped(question)} [y/N] `, (answer) => {
      resolve(/^y(es)?$/i.test(answer.trim()));
      terminal.close();
    });
  });
}

/** Asks unless the command line answers, and says after a no that nothing happens. */
export async function isConfirmed({ yes }: { readonly yes: boolean }, ask: Ask, question: string, stderr: Sink) {
  const isYes = yes || (await ask?.(question)) === true;
  stderr.write(isYes ? "" : "Nothing was changed.\n");
  return isYes;
}

/** Calls the function at the first Ctrl-C or signal to end. A second one ends the process at once. */
export function onInterruption(interrupted: () => void): () => void {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const heard = () => {
    stop();
    interrupted();
  };
  const stop = () => {
    for (const signal of signals) {
      process.removeListener(signal, heard);
    }
  };
  for (const signal of signals) {
    process.on(signal, heard);
  }
  return stop;
}

/** The time zone of this machine; UTC if Node.js has no name for it, as for the TZ `UTC+3`. */
export function localTimeZone(): string {
  const { timeZone }: { readonly timeZone: string | undefined } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timezoneProblem(timeZone) !== undefined ? "UTC" : timeZone;
}
