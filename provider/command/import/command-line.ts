import { parseArgs } from "node:util";
import { commonOptions, Misuse, type Misused, misuseOf, selectionOf, timeoutOf } from "../command-line";
import { type Source, sourcesOf } from "./sources";

export interface ImportCommand {
  readonly kind: "import";
  readonly sources: readonly Source[];
  /** The folder to write into; undefined: print. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

export type Command = ImportCommand | { readonly kind: "help" } | Misused;

const options = {
  ...commonOptions,
  kind: { type: "string", multiple: true },
  out: { type: "string" },
  force: { type: "boolean", default: false },
} as const;

export function parseCommandLine(args: readonly string[]): Command {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    return values.help ? { kind: "help" } : command(values, positionals);
  } catch (error) {
    return misuseOf(error);
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function command(values: Values, ids: readonly string[]): Command {
  const { kind: kindNames, out, force, workspace } = values;
  const timeoutMs = timeoutOf(values.timeout);
  const selection = selectionOf(values, ids);
  if (selection !== undefined) {
    return { kind: "import", sources: sourcesOf(selection, kindNames), out, force, workspace, timeoutMs };
  }
  if (kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  return { kind: "misuse" };
}
