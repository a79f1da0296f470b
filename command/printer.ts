import { aligned, cut, width, wrapped } from "../provider/api/lines";
import { redacted } from "../provider/api/redacted";
import { escaped } from "../provider/api/terminal-text";

/** A stream of the process, or of a test. */
interface Stream {
  /** The width of the terminal; undefined without a terminal. */
  readonly columns?: number | undefined;
  /** `done` is called when the text has left this process, or with the error for which it has not. */
  write(text: string, done?: (error?: Error | null) => void): unknown;
}

/** A help is prose: no longer line is easy to read, however wide the terminal. */
const widestProse = 100;

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

  /** The width of the terminal. A file and a pipe take lines of any width, so that a search finds the whole row of a table. */
  get columns(): number {
    return this.stream.columns || Number.POSITIVE_INFINITY;
  }

  get proseColumns(): number {
    return Math.min(this.columns, widestProse);
  }

  get isTerminal(): boolean {
    return Number.isFinite(this.columns);
  }

  /** Prints lines. A terminal gets them broken at its width; lines for a program, such as JSON, stay whole there too. */
  write(text: string, isForProgram = false): void {
    const clean = this.clean(text);
    this.stream.write(isForProgram || !this.isTerminal ? clean : broken(clean, this.columns));
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

/** A row about an object. */
interface MarkedRow {
  /** True if the row asks for something. */
  readonly isMarked: boolean;
  readonly name: string;
  readonly cells: readonly string[];
  /** What is wrong, below the row. */
  readonly details: readonly string[];
}

/** The beginnings of names in fewer columns are often the same. */
const shortestName = 24;
const detailIndent = " ".repeat(5);

/** A table of objects. Where names are not to be told apart beside the cells, the rows are wrapped. A `!` marks the rows that ask for something. */
export function markedTable(head: readonly string[], rows: readonly MarkedRow[], columns: number): string[] {
  const others = aligned([head, ...rows.map(({ cells }) => cells)]);
  const marked = columns - "!  ".length;
  const room = marked - others.reduce((most, other) => Math.max(most, width(other)), 0) - "  ".length;
  const longest = room < shortestName ? marked : room;
  const [headLine = "", ...lines] = aligned(
    [
      [" ", "NAME", ...head],
      ...rows.map(({ isMarked, name, cells }) => [isMarked ? "!" : " ", cut(name, longest), ...cells]),
    ],
    columns,
    detailIndent,
  );
  return [
    headLine,
    ...rows.flatMap(({ details }, index) => [lines[index] ?? "", ...details.map((text) => `${detailIndent}${text}`)]),
  ];
}

/** The text in a few lines at most, and its command, which stays whole. */
export function brief(text: string, command: string | undefined, columns: number, most = 2): string[] {
  const whole = wrapped(command === undefined ? text : `${text}: ${command}`, columns, "    ", "");
  const texts = wrapped(text, columns, "    ", "");
  const [last = "", ...left] = texts.slice(most - 1);
  const shown = [...texts.slice(0, most - 1), cut([last, ...left.map((line) => line.trim())].join(" "), columns)];
  return whole.length <= most
    ? whole
    : [...shown.filter(Boolean), ...(command === undefined ? [] : wrapped(command, columns, "    "))];
}
