import { type CommandRow, Misuse, runCommand } from "../command";
import type { Streams } from "../terminal";

const options = {} as const;

export const completionCommand: CommandRow<typeof options> = {
  name: "completion",
  brief: "prints the script with which a shell completes commands and options",
  usage: "(bash | zsh | fish)",
  does: "Prints a script for a shell, which completes the commands of pulumi-qoder and their options. If no `pulumi-qoder` is on the PATH, the script defines a function of this name that runs `npx pulumi-qoder`.",
  argument: ["SHELL", "bash, zsh or fish"],
  options,
  offline: true,
  statuses: { 0: "the script was printed" },
  page: "docs/commands/completion.md",
};

export function runCompletion(
  args: readonly string[],
  streams: Streams,
  commands: readonly CommandRow[],
): Promise<number> {
  return runCommand(
    completionCommand,
    args,
    streams,
    ({ positionals: [shell, ...others] }) => {
      const script = scripts.get(shell ?? "");
      if (shell !== undefined && (script === undefined || others.length > 0)) {
        throw new Misuse("completion takes one shell: bash, zsh or fish");
      }
      return script && { script };
    },
    async ({ script }) => {
      streams.stdout.write(script(commands), true);
      return 0;
    },
  );
}

const scripts = new Map([
  ["bash", bashScript],
  [
    "zsh",
    (commands: readonly CommandRow[]) =>
      `autoload -Uz compinit bashcompinit\ncompinit\nbashcompinit\n${bashScript(commands)}`,
  ],
  ["fish", fishScript],
]);

/** The words that a shell offers for the argument of a command. */
function argumentsOf(name: string, commands: readonly CommandRow[]): readonly string[] {
  switch (name) {
    case "help":
      return commands.map((one) => one.name);
    case completionCommand.name:
      return [...scripts.keys()];
    default:
      return [];
  }
}

/** zsh runs this script, too. */
function bashScript(commands: readonly CommandRow[]): string {
  const names = commands.map(({ name }) => name).join(" ");
  const cases = commands.map(({ name, options: own }) => {
    const words = [...argumentsOf(name, commands), ...Object.keys(own).map((option) => `--${option}`), "--help"];
    return `    ${name}) words="${words.join(" ")}" ;;`;
  });
  return [
    'command -v pulumi-qoder > /dev/null || pulumi-qoder() { npx pulumi-qoder "$@"; }',
    "_pulumi_qoder() {",
    `  local words="${names} help --help --version"`,
    `  [ "$COMP_CWORD" -gt 1 ] && case "\${COMP_WORDS[1]}" in`,
    ...cases,
    `    help) words="${names}" ;;`,
    '    *) words="" ;;',
    "  esac",
    `  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))`,
    "}",
    "complete -o default -F _pulumi_qoder pulumi-qoder",
    "",
  ].join("\n");
}

function fishScript(commands: readonly CommandRow[]): string {
  const quoted = (text: string) => `'${text.replace(/['\\]/g, "\\$&")}'`;
  const rows = commands.flatMap(({ name, brief, options: own }) => [
    `complete -c pulumi-qoder -f -n __fish_use_subcommand -a ${name} -d ${quoted(brief)}`,
    ...Object.entries(own).map(([option, row]) => {
      const short = row.short === undefined ? "" : ` -s ${row.short}`;
      const value = row.value?.startsWith("[") === false ? " -r" : "";
      return `complete -c pulumi-qoder -n '__fish_seen_subcommand_from ${name}'${short} -l ${option}${value} -d ${quoted(row.meaning)}`;
    }),
  ]);
  const words = ["help", completionCommand.name].map(
    (name) =>
      `complete -c pulumi-qoder -f -n '__fish_seen_subcommand_from ${name}' -a ${quoted(argumentsOf(name, commands).join(" "))}`,
  );
  rows.push(
    "complete -c pulumi-qoder -f -n __fish_use_subcommand -a help -d 'prints the help of a command'",
    "complete -c pulumi-qoder -s h -l help -d 'print this text'",
    "complete -c pulumi-qoder -n __fish_use_subcommand -s v -l version -d 'print the version of this package'",
    ...words,
  );
  return `command -q pulumi-qoder; or function pulumi-qoder; npx pulumi-qoder $argv; end\n${rows.join("\n")}\n`;
}
