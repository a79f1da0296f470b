import { commandRows } from "../../../command/main";
import { code, table } from "../table";

/** What each exit status of each command means. */
export function exitStatusesPage(): string {
  const all = [...new Set(commandRows.flatMap((row) => Object.keys(row.statuses)))].sort();
  const rows = commandRows.map((row) => [code(row.name), ...all.map((status) => row.statuses[Number(status)] ?? "")]);
  return `# Exit statuses\n\nA wrong command line ends with 64 (\`EX_USAGE\`).\n\n${table(["command", ...all], rows)}\n`;
}
