import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { reasonOf } from "../api/errors";
import { shownLines } from "../resource/changed-lines";
import { secretOfFile } from "../resource/check/secret-text";
import type { Service } from "../resource/kind";
import { type PlanRemark, planInfo, planWarning } from "../resource/plan-remark";
import { type Digests, digestOf, memberOf, pathOf, withoutMode } from "./digests";
import { downloadPackage } from "./download";

/** A longer list is more than a person reads. */
const mostFiles = 20;

/**
 * The changed lines of each text file of a skill. The state has digests and no contents, so the old lines come from a version at the
 * service.
 */
export async function changedFiles(
  { client }: Service,
  id: string,
  { latestVersion: version }: { readonly latestVersion?: string },
  { files = {} }: { readonly files?: Digests },
  folder: string,
): Promise<PlanRemark[]> {
  if (version === undefined) {
    return [];
  }
  const held = await downloadPackage(client, id, version).catch((error: unknown) => reasonOf(error));
  if (typeof held === "string") {
    return [planWarning("verify", `files: their changed lines are not shown: ${held}`)];
  }
  const old = new Map(held.map(({ path, bytes }) => [memberOf(path.slice(path.indexOf("/") + 1)), bytes]));
  const members = [...new Set([...old.keys(), ...Object.keys(files)])].sort();
  const changed = members.filter((member) => {
    const bytes = old.get(member);
    const digest = Object.hasOwn(files, member) ? withoutMode(files[member] ?? "") : undefined;
    return (bytes === undefined ? undefined : digestOf(bytes)) !== digest;
  });
  const remarks = changed.slice(0, mostFiles).map(async (member) => {
    const path = pathOf(member);
    const wanted = Object.hasOwn(files, member) ? await readFile(join(folder, path)).catch(() => none) : none;
    const both = [old.get(member) ?? none, wanted];
    if (both.some((bytes) => secretOfFile(path, bytes) !== undefined)) {
      return [planInfo("skill-files", `${path}: its lines are not shown, because it looks like a file with a secret`)];
    }
    const [before = "", after = ""] = both.map((bytes) => (bytes.includes(0) ? "" : Buffer.from(bytes).toString()));
    const lines = shownLines(before, after);
    return lines.length === 0 ? [] : [{ ...planInfo("skill-files", `${path}: the changed lines`), lines }];
  });
  return (await Promise.all(remarks)).flat();
}
const none = new Uint8Array();
