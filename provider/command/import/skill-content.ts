import { QoderError } from "../../api/errors";
import type { Query } from "../../api/object-list";
import type { BaseReply } from "../../resource/outputs";
import type { Skill } from "../../skill/reply";
import { PackageError } from "../../skill/unzip";
import { downloadPackage } from "../../skill/upload";
import type { PackedFile } from "../../skill/zip";
import type { Content } from "./described";

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
  const files = count === 1 ? "1 file" : `${count} files`;
  return `${files} of ${source} are what tools leave behind (such as __pycache__), which a QoderSkill never uploads: the next version will not contain them.`;
}
