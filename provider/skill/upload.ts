import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { QoderError, reasonOf } from "../api/errors";
import type { Form } from "../api/request";
import type { JsonObject } from "../api/schema";
import { firstOf } from "../api/terminal-text";
import { shownLines } from "../resource/check/changed-lines";
import { type PlanRemark, planInfo, planWarning } from "../resource/kind/diagnostics";
import type { Service, Upload } from "../resource/kind/uploads";
import { secretOfFile } from "../resource/state/leaked-secrets";
import type { SkillOutputs } from "./arguments";
import { type Digests, digestOf, isExecutable, memberOf, pathOf, withoutMode } from "./digests";
import { downloadPackage } from "./download";
import { type Skill, skillAfter, timeOfVersion } from "./reply";
import { largestPackageMb, type PackedFile, zipOf } from "./zip";

interface Values {
  readonly name: string;
  readonly files: Digests;
}

export const upload: Upload<Values> = {
  argument: "files",
  form,
  shown,
  holds,
  fixed,
  changedFiles,
  versions: {
    path: "versions",
    newest: ({ latestVersion }: Partial<SkillOutputs>) => latestVersion ?? null,
    madeAt: ({ latestVersion }: Partial<SkillOutputs>) => timeOfVersion(latestVersion ?? "")?.getTime(),
    object: skillAfter,
  },
};

/** "Create a skill", "Create a skill version": a form with one zip and the other members of the body. */
async function form(
  { files: _, display_title: title, metadata }: JsonObject,
  { name = "", files = {} }: Partial<Values>,
  folder: string | undefined,
): Promise<Form> {
  const zip = zipOf(name, await filesAsRead(files, folder));
  if (zip.length > largestPackageMb * 1024 * 1024) {
    throw new QoderError(`the package is larger than ${largestPackageMb} MB, the most that the API takes`);
  }
  return [
    { name: "files", content: zip, file: { name: `${name}.zip`, type: "application/zip" } },
    ...(typeof title === "string" ? [{ name: "display_title", content: title }] : []),
    ...(metadata === undefined ? [] : [{ name: "metadata", content: JSON.stringify(metadata) }]),
  ];
}

/** A longer list is more than a person reads. */
const mostShown = 20;

function shown({ files, ...others }: JsonObject, folder: string | undefined): JsonObject {
  const paths = typeof files === "object" && files !== null ? Object.keys(files).sort() : undefined;
  const [first] = paths ?? [];
  if (paths === undefined || first === undefined || folder === undefined) {
    return { ...others, files: files ?? "[unknown]" };
  }
  const [name = ""] = first.split("/");
  const named = paths.map((path) => `${path} (${sizeOf(join(folder, path.slice(name.length + 1)))} bytes)`);
  return { files: `${name}.zip: ${firstOf(named, mostShown)}`, ...others };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/**
 * Reads the files again for the upload. If a file differs from its digest in the inputs, the upload fails before any request.
 */
async function filesAsRead(files: Digests, folder: string | undefined): Promise<PackedFile[]> {
  if (folder === undefined || folder === "") {
    throw new QoderError("the folder of the skill is unknown, because the program did not give it");
  }
  return Promise.all(
    Object.entries(files).map(async ([member, digest]) => {
      const path = pathOf(member);
      const bytes = await readFile(join(folder, path)).catch(() => undefined);
      if (bytes === undefined || digestOf(bytes) !== withoutMode(digest)) {
        const what = bytes === undefined ? "cannot be read any more" : "changed after the program had read it";
        throw new QoderError(`${path} ${what}, so nothing was sent; run the same command again`);
      }
      return { path, bytes, isExecutable: isExecutable(digest) };
    }),
  );
}

/** The name, if the folder of the package has another one. */
async function fixed({ client }: Service, { id, latest_version: version }: Skill, { name }: Partial<Values>) {
  const held = version == null ? [] : await downloadPackage(client, id, version).catch(() => []);
  const folders = held.map(({ path }) => path.replace(/[/].*/s, ""));
  return folders.length === 0 || folders.includes(name ?? "") ? [] : ["name"];
}

/**
 * True if the newest version has these files. The bytes of zips are never compared, because the service may pack the files
 * again. A service that keeps no modes shows no file as executable.
 */
async function holds({ client }: Service, skill: Skill, { name = "", files = {} }: Partial<Values>): Promise<boolean> {
  const { latest_version: version } = skill;
  if (version == null) {
    return false;
  }
  const held = await downloadPackage(client, skill.id, version).catch((error: unknown) => {
    if (error instanceof QoderError) {
      throw error;
    }
    return undefined;
  });
  const own = held?.filter(({ path }) => path.startsWith(`${name}/`));
  if (held === undefined || own?.length !== held.length || held.length !== Object.keys(files).length) {
    return false;
  }
  const keepsModes = held.some((file) => file.isExecutable);
  return held.every(({ path, bytes, isExecutable: isMarked }) => {
    const member = memberOf(path.slice(name.length + 1));
    const digest = Object.hasOwn(files, member) ? files[member] : undefined;
    const isSame = digest !== undefined && digestOf(bytes) === withoutMode(digest);
    return isSame && (!keepsModes || isMarked === isExecutable(digest));
  });
}

/** A longer list is more than a person reads. */
const mostFiles = 20;

/**
 * The changed lines of each text file of a skill. The state has digests and no contents, so the old lines come from a version at the
 * service.
 */
async function changedFiles(
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
