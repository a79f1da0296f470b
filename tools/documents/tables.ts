import { dirname, relative } from "node:path";
import { type CommandRow, flagsOf } from "../../command/command";
import { commandRows } from "../../command/main";
import { deploymentOptions, selectedArgument, selectedUsage } from "../../command/selection";
import { folderPicture } from "./folder-imports";
import { registryChooser } from "./reference/examples";
import { resourceList } from "./reference/pages";
import { code, table } from "./table";

type Tables = Readonly<Record<string, string>>;

const commandsPage = "docs/commands.md";

/** The tables made from the code, by file, and by the name in the comments around each table. */
export const documentTables: Readonly<Record<string, Tables>> = {
  "CONTRIBUTING.md": { folders: folderPicture() },
  "docs/_index.md": { example: registryChooser("deployment"), resources: resourceList() },
  ...commandTables(),
};

/** What the help of each command says, in the file that describes the command. */
function commandTables(): Record<string, Tables> {
  const files: Record<string, Tables> = { [commandsPage]: { selection: selection() } };
  for (const row of commandRows) {
    const [file = ""] = row.page.split("#");
    files[file] = { ...files[file], [row.name]: commandText(row, file) };
  }
  return files;
}

type OptionRows = CommandRow["options"];

function optionRows(options: OptionRows): (readonly [string, string])[] {
  return Object.entries(options).map(([name, row]) => [code(flagsOf(name, row)), withCode(row.meaning)]);
}

/** The text with the options in it as code, except in code. */
function withCode(text: string): string {
  return text.replaceAll(/`[^`]*`|(?<!\w)--[\w-]+/g, (part) => (part.startsWith("`") ? part : code(part)));
}

/** What selects deployments, and the options that all these commands share. */
function selection(): string {
  const [name, meaning] = selectedArgument;
  return table(["", ""], [[code(name), withCode(meaning)], ...optionRows(deploymentOptions)]);
}

/** What the help of a command says: its use and its options, in a page. */
function commandText({ name, usage, argument, options }: CommandRow, file: string): string {
  // The page of all commands has these.
  const common = selects(options) ? Object.keys(deploymentOptions) : ["workspace", "timeout"];
  const own = Object.entries(options).filter(([option]) => !common.includes(option));
  const link = `(${file === commandsPage ? "" : relative(dirname(file), commandsPage)}#select-deployments)`;
  const also = common.filter((option) => option in options).map((option) => code(`--${option}`));
  const others = also.length === 0 ? "" : `Also [${also.join(" and ")}]${link}.`;
  const shared = selects(options) ? `SELECTION: [select deployments]${link}.` : others;
  const positional =
    argument === undefined || argument === selectedArgument
      ? []
      : [[code(argument[0]), withCode(argument[1])] as const];
  return [
    `\`\`\`\nnpx pulumi-qoder ${name} ${usage.replace(selectedUsage, "SELECTION").replace("(SELECTION)", "SELECTION")}\n\`\`\``,
    table(["", ""], [...positional, ...optionRows(Object.fromEntries(own))]),
    shared,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** True if the command selects deployments as most commands do. */
function selects(options: OptionRows): boolean {
  return "label" in options && "all" in options;
}

/** The text of the file with the current tables. */
export function withTables(file: string, content: string, tables: Tables): string {
  return Object.entries(tables).reduce((text, [name, rows]) => {
    const [start, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
    const from = text.indexOf(start) + start.length;
    const to = text.indexOf(end, from);
    if (!text.includes(start) || to < 0) {
      throw new Error(`${file} has no place for the table ${name}: write ${start.trim()} and ${end.trim()} in it`);
    }
    return text.slice(0, from) + rows + text.slice(to);
  }, content);
}
