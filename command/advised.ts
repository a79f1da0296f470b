import type { Selected } from "./selection";
import { printable } from "./words";

/**
 * The command that this text advises, for a shell: with the targets, and in the stack or the workspace of the command that advises it.
 * `options`: further ones, without a value.
 */
export function advised(
  command: string,
  targets: readonly string[],
  { selection, workspace }: Pick<Selected, "selection" | "workspace">,
  ...options: readonly string[]
): string {
  const stack = selection.by === "stack" ? ["--stack", ...[selection.name ?? []].flat()] : [];
  const all = [...targets, ...options, ...(workspace === undefined ? [] : ["--workspace", workspace]), ...stack];
  const quoted = all.map((text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`));
  return `npx pulumi-qoder ${command} ${printable(quoted.join(" "))}`;
}
