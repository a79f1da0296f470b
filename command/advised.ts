import type { DeploymentSelection, Selected } from "./selection";
import { printable } from "./words";

/** What an advised command must know of the command that advises it. */
export interface Advisor extends Pick<Selected, "selection" | "workspace"> {
  /** The zone that the person gave. */
  readonly timezone?: string | undefined;
}

/** The commands that take a zone. */
const zoned = ["status", "limits", "calendar"];

/**
 * The command that this text advises, for a shell: with the targets, or without any with the whole selection of the command that advises
 * it, and in its stack, workspace and zone. `options`: further ones, as words.
 */
export function advised(
  command: string,
  targets: readonly string[],
  { selection, workspace, timezone }: Advisor,
  ...options: readonly string[]
): string {
  const stack = selection.by === "stack" ? ["--stack", ...[selection.name ?? []].flat()] : [];
  const selected = targets.length > 0 ? targets : wordsOf(selection);
  // Anybody can give a deployment the name of an option.
  const [names, own] = selected.some((one) => one.startsWith("-") && targets.length > 0)
    ? [["--", ...selected], []]
    : [[], selected];
  const zone = timezone === undefined || !zoned.includes(command) ? [] : ["--timezone", timezone];
  const all = [
    ...own,
    ...options,
    ...zone,
    ...(workspace === undefined ? [] : ["--workspace", workspace]),
    ...stack,
    ...names,
  ];
  return `npx pulumi-qoder ${command} ${printable(all.map(quoted).join(" "))}`;
}

/** The word in quotes, if a shell would split or change it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** The words that select the same deployments, without the stack. */
function wordsOf(selection: DeploymentSelection): string[] {
  const { names = [], labels = [] } = selection;
  const first = selection.by === "all" ? ["--all"] : selection.by === "agent" ? ["--agent", selection.agent] : [];
  const ids = selection.by === "ids" ? selection.ids : [];
  return [...names, ...ids, ...first, ...labels.flatMap(([key, text]) => ["--label", `${key}=${text}`])];
}
