import { parseArgs, types } from "node:util";
import { Misuse, type Selection, type Source, sourcesOf } from "./sources";

export interface ImportCommand {
  readonly kind: "import";
  readonly sources: readonly Source[];
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

const options = {
  all: { type: "boolean", default: false },
  agent: { type: "string" },
  kind: { type: "string", multiple: true },
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
    return { kind: "misuse", reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Misuse) {
    return error.message;
  }
  // node:util appends a hint about "--", which no argument here needs.
  const [reason = ""] = (types.isNativeError(error) ? error.message : String(error)).split(". ");
  return reason;
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

function command(values: Values, [name, ...ids]: readonly string[]): Command {
  if (name !== undefined && name !== "import") {
    throw new Misuse(`"${name}" is not a command; the only one is import`);
  }
  const { all, agent, kind: kindNames, out, force, workspace } = values;
  const selections: Selection[] = [
    ...(ids.length > 0 ? [{ by: "ids", ids } as const] : []),
    ...(all ? [{ by: "all" } as const] : []),
    ...(agent === undefined ? [] : [{ by: "agent", agent } as const]),
  ];
  const [selection, ...others] = selections;
  if (selection === undefined && kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  if (name === undefined || selection === undefined) {
    return { kind: "misuse" };
  }
  if (others.length > 0) {
    throw new Misuse("give either ids, --all or --agent, not several of them");
  }
  return { kind: "import", sources: sourcesOf(selection, kindNames), out, force, workspace };
}
