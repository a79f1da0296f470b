import { commandRows } from "../../../command/main";
import { again, startAdvices } from "../../../provider/deployment-run/not-started";
import { diagnosticMeanings } from "../../../provider/resource/kind/diagnostics";
import { code, table } from "../table";

/** The page of what a preview prints below the plan, and of the reasons for which a run does not start. */
export function messagesPage(): string {
  const kinds = Object.entries(diagnosticMeanings).map(([kind, meaning]) => [code(kind), meaning]);
  // The words that all titles or remedies share are there once.
  const startErrors = startAdvices.map(({ title, text }) => [
    title.replace("could not start: ", ""),
    text.replace(`, ${again}`, ""),
  ]);
  return `${[
    "# Messages",
    "## Warnings and notes of a preview",
    "The word in brackets at the end of a message is its kind, for [`qoder:diagnostics`](../preview.md#warnings-and-next-runs) and the argument `acknowledge`.",
    table(["kind", "a preview shows it if"], kinds),
    "## A run that could not start",
    "After each remedy, run `pulumi up` again: it starts another run.",
    table(["what the service said", "what to do"], startErrors),
  ].join("\n\n")}\n`;
}

/** What each exit status of each command means. */
export function exitStatuses(): readonly string[] {
  const all = [...new Set(commandRows.flatMap((row) => Object.keys(row.statuses)))].sort();
  const rows = commandRows.map((row) => [code(row.name), ...all.map((status) => row.statuses[Number(status)] ?? "")]);
  return ["## Exit statuses", "A wrong command line ends with 64 (`EX_USAGE`).", table(["command", ...all], rows)];
}
