import { basename } from "node:path";
import { counted } from "../../api/clock";
import { QoderApiError, QoderConnectionError, QoderError } from "../../api/errors";
import type { Query } from "../../api/object-list";
import { downloadFile, type File } from "../../file/reply";
import { contentProblem } from "../../file/source";
import type { BaseReply } from "../../resource/outputs";
import { digestOf } from "../../skill/digests";
import type { Skill } from "../../skill/reply";
import { PackageError } from "../../skill/unzip";
import { downloadPackage } from "../../skill/upload";
import type { PackedFile } from "../../skill/zip";
import type { CommandClient } from "../client";
import { failureText } from "../words";
import type { ContentFolder } from "./content-folder";
import type { Content, Described, Progress } from "./described";
import type { LeftOut } from "./takeover";

interface Complete {
  readonly live: readonly Described[];
  readonly leftOut: readonly LeftOut[];
}

/**
 * Adds the contents to the objects, one download after the other. A content that is not available or not valid leaves out its
 * object only. After a lost connection no further content is requested.
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
    if (object.load === undefined || object.failures.length > 0) {
      live.push(object);
      continue;
    }
    const place = lost ?? (await object.load(client.forObject()).catch(expected));
    if (place instanceof QoderError) {
      lost = place instanceof QoderConnectionError ? place : lost;
      leftOut.push({ id: object.id, name: object.name, reasons: [failureText(place)] });
    } else {
      live.push(place(folder));
      progress(object.kind, live.filter(({ kind }) => kind === object.kind).length);
    }
  }
  return { live, leftOut };
}

function expected(error: unknown): QoderError {
  if (error instanceof QoderError) {
    return error;
  }
  throw error;
}

/** Turns a file at Qoder into a file of the project. */
export const fileContent: Content = {
  async load(client, { id, filename, size_bytes: size }: BaseReply & File) {
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
        written: { source, ...(basename(source) === filename ? {} : { name: filename }) },
        failures: [],
        notes: [],
      };
    };
  },
};

/** "Files": the service may refuse to return the content of an upload. */
function notGiven(error: unknown, id: string): never {
  if (error instanceof QoderApiError && error.status === 403) {
    const remedy = `objects that name the file keep its id. To manage the file, declare a QoderFile with its source and adopt: "${id}"`;
    throw new QoderError(`the service does not give its content back (${error.message}); ${remedy}`);
  }
  throw error;
}

/** "List skills": the same list contains the catalogue of the service. */
export const ownSkills: Query = { source: "custom" };

export function sharedSkill({ id, source }: BaseReply & Skill): string | undefined {
  return source === "qoder"
    ? `it is a skill of Qoder's catalogue, which no account manages; a program names it by getSkill({ id: "${id}" })`
    : undefined;
}

/** Turns the package of the newest version of a skill into a folder of the project. */
export const skillContent: Content = {
  async load(client, { id, latest_version: version, display_title: title }: BaseReply & Skill) {
    if (version == null) {
      throw new QoderError("all of its versions were deleted, so there are no files to take over");
    }
    const files = belowFolder(await downloadPackage(client, id, version).catch(refused));
    return (folder) => {
      const { content, source } = folder.addSkill(files);
      const { name, files: digests = {}, problems: failures } = content;
      // The title of a skill without a title is the name of its package.
      const withoutTitle = title === name ? { displayTitle: undefined } : {};
      const left = files.length - Object.keys(digests).length;
      return {
        name,
        inputs: { name, files: digests, ...withoutTitle },
        written: { source },
        failures,
        notes: left > 0 && failures.length === 0 ? [leftNote(left, source)] : [],
      };
    };
  },
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

function leftNote(count: number, source: string | undefined): string {
  return `${counted(count, "file")} of ${source} are what tools leave behind (such as __pycache__), which a QoderSkill never uploads: the next version will not contain them.`;
}
