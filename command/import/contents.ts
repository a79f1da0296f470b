import { posix } from "node:path";
import { counted } from "../../provider/api/clock";
import { QoderApiError, QoderConnectionError, QoderError } from "../../provider/api/errors";
import type { Query } from "../../provider/api/object-list";
import { downloadFile, type File } from "../../provider/file/kind";
import { contentProblem } from "../../provider/file/source";
import type { BaseReply } from "../../provider/resource/kind/outputs";
import { digestOf, pathOf } from "../../provider/skill/digests";
import { downloadPackage, PackageError } from "../../provider/skill/download";
import { actingFiles, traceIn } from "../../provider/skill/file-names";
import type { Skill } from "../../provider/skill/reply";
import type { PackedFile } from "../../provider/skill/zip";
import type { CommandClient } from "../client";
import { failureText, systemErrorOf, systemReason } from "../words";
import { type ContentFolder, neither } from "./content-folder";
import type { Content, Described, Progress } from "./import-kind";
import type { LeftOut } from "./what-to-import";

interface Complete {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Adds the contents to the objects, one download after the other. A content that is not available or not valid, or that cannot
 * be written, leaves out its object only. After a lost connection no further content is requested.
 */
export async function withContents(
  client: CommandClient,
  objects: readonly Described[],
  folder: ContentFolder,
  progress: Progress,
): Promise<Complete> {
  const live: Described[] = [];
  const leftOut: LeftOut[] = [];
  let lost: QoderConnectionError | undefined;
  for (const object of objects) {
    const { load } = object;
    if (load === undefined || object.failures.length > 0) {
      live.push(object);
      continue;
    }
    const placed =
      lost ??
      (await load(client.forObject())
        .then((place) => place(folder))
        .catch(ofThisObject));
    if (placed instanceof QoderError) {
      lost = placed instanceof QoderConnectionError ? placed : lost;
      leftOut.push({ id: object.id, name: object.name, reasons: [failureText(placed)] });
    } else {
      live.push(placed);
      progress(object.kind, live.filter(({ kind }) => kind === object.kind).length);
    }
  }
  return { live, leftOut };
}

/** With these errors of the system no other content can be written either (errno(3)). */
const endings = ["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE", "ENOMEM"];

function ofThisObject(error: unknown): QoderError {
  const [code = ""] = systemErrorOf(error instanceof QoderError ? error.cause : error);
  if (endings.includes(code)) {
    throw new QoderError(`${systemReason(error)}. ${neither}`, { cause: error });
  }
  return error instanceof QoderError ? error : new QoderError(`its content cannot be written: ${systemReason(error)}`);
}

/** Turns a file at Qoder into a file of the project. */
export const fileContent: Content = async (client, { id, filename, size_bytes: size }: BaseReply & File) => {
  const bytes = await downloadFile(client, id).catch((error: unknown) => notGiven(error, id));
  const problem = contentProblem(bytes);
  if (problem !== undefined) {
    throw new QoderError(`its content ${problem}`);
  }
  if (size !== undefined && size !== bytes.length) {
    throw new QoderError(`its content has ${bytes.length} bytes, but the service says that it has ${size}`);
  }
  return (folder) => {
    const source = folder.addFile(filename ?? "", bytes);
    return {
      inputs: { name: filename, digest: digestOf(bytes) },
      // The name at Qoder is the name of the source, unless the program gives another one.
      written: { source, ...(posix.basename(source) === filename ? {} : { name: filename }) },
      acting: actingTexts(posix.dirname(source), [posix.basename(source)]),
    };
  };
};

/** "Files": the service may refuse to return the content of an upload. */
function notGiven(error: unknown, id: string): never {
  if (error instanceof QoderApiError && error.status === 403) {
    const remedy = `objects that use the file keep its id. To manage the file, declare a QoderFile with its source and adopt: "${id}"`;
    throw new QoderError(`the service does not give its content back (${error.message}); ${remedy}`);
  }
  throw error;
}

/** "List skills": the same list contains the catalogue of the service. */
export const ownSkills: Query = { source: "custom" };

export function sharedSkill({ id, source }: BaseReply & Skill): string | undefined {
  return source === "qoder"
    ? `it is a skill of Qoder's catalogue, which no account manages; a program uses it with getSkill({ id: "${id}" })`
    : undefined;
}

/** Turns the package of the newest version of a skill into a folder of the project. */
export const skillContent: Content = async (
  client,
  { id, latest_version: version, display_title: title }: BaseReply & Skill,
) => {
  if (version == null) {
    throw new QoderError("all of its versions were deleted, so there are no files to import");
  }
  const all = belowFolder(await downloadPackage(client, id, version).catch(refused));
  const files = all.filter(({ path }) => traceIn(path) === undefined);
  const traces = all.flatMap(({ path }) => traceIn(path) ?? []);
  return (folder) => {
    const { content, source } = folder.addSkill(files);
    const { name, files: digests = {}, problems: failures } = content;
    // The title of a skill without a title is the name of its package.
    const withoutTitle = title === name ? { displayTitle: undefined } : {};
    return {
      name,
      inputs: { name, files: digests, ...withoutTitle },
      written: { source },
      failures,
      notes: traces.length > 0 ? [traceNote(traces, source)] : [],
      acting: actingTexts(source, Object.keys(digests).map(pathOf)),
    };
  };
};

function refused(error: unknown): never {
  throw error instanceof PackageError ? new QoderError(`its package ${error.message}`) : error;
}

/** The files below the one folder at the top, which older packages do not have. */
function belowFolder(files: readonly PackedFile[]): PackedFile[] {
  const top = files.some(({ path }) => path === "SKILL.md") ? "" : `${files[0]?.path.split("/")[0]}/`;
  if (files.some(({ path }) => !path.startsWith(top))) {
    throw new QoderError("its package has neither a SKILL.md nor one folder at its top");
  }
  return files.map((file) => ({ ...file, path: file.path.slice(top.length) }));
}

function traceNote(traces: readonly string[], source: string | undefined): string {
  return `Left out of ${source}: ${named([...new Set(traces)])} (${counted(traces.length, "file")}), which a QoderSkill never uploads: the next version will not contain them.`;
}

function actingTexts(folder: string | undefined, paths: readonly string[]): string[] {
  return actingFiles(paths).map((one) => `${folder}: ${one.effect} ${named(one.paths)}`);
}

const mostNamed = 5;

function named(paths: readonly string[]): string {
  const more = paths.length > mostNamed ? [`${paths.length - mostNamed} more`] : [];
  return new Intl.ListFormat("en-GB").format([...paths.slice(0, mostNamed), ...more]);
}
