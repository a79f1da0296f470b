import { type CommandRow, flagsOf } from "../../../command/command";
import { commandRows } from "../../../command/main";
import { deploymentOptions, selectedArgument, selectedUsage } from "../../../command/selection";
import { code, table } from "../table";

const selecting = "(#select-deployments)";

/** The page with the use and the options of each command, which their help has too. */
export function commandsPage(): string {
  return `${[
    "# Commands",
    "`npx pulumi-qoder COMMAND --help` prints the same. [Commands](../commands.md) explains what they do, [JSON and exit statuses](json.md) what they answer.",
    "## Select deployments",
    selection(),
    ...commandRows.map((row) => `## ${row.name}\n\n${commandText(row)}`),
  ].join("\n\n")}\n`;
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

function commandText({ name, usage, argument, options }: CommandRow): string {
  // The first section has these.
  const common = selects(options) ? Object.keys(deploymentOptions) : ["workspace", "timeout"];
  const own = Object.entries(options).filter(([option]) => !common.includes(option));
  const also = common.filter((option) => option in options).map((option) => code(`--${option}`));
  const others = also.length === 0 ? "" : `Also [${also.join(" and ")}]${selecting}.`;
  const shared = selects(options) ? `SELECTION: [select deployments]${selecting}.` : others;
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
