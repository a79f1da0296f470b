import { type Console, consoleOf, type OwnerOf } from "./console";
import type { Files } from "./files";
import type { SkillPackage } from "./skill-package";
import type { SkillVersions, StoredSkillVersion } from "./skill-versions";
import type { Skills } from "./skills";
import type { FileMetadata, Skill, SkillVersion } from "./wire";
import { zip } from "./zip";

/** The contents of files by their paths below the directory of the skill. */
type SkillFiles = Record<string, string | Buffer>;

/** The actions on skills. No skill is archived. */
export interface SkillConsole extends Omit<Console<Skill>, "archive" | "live"> {
  /**
   * Adds a skill with a version of these files, without any check. `name` is the name in the package; a download answers with
   * `archive`, if it is given, in place of the zip of the files.
   */
  create(
    overrides?: Partial<Skill> & { name?: string; files?: SkillFiles; archive?: Uint8Array },
    account?: string,
    workspace?: string,
  ): Skill;
  /** Adds another version. */
  addVersion(id: string, files?: SkillFiles): SkillVersion;
  removeVersion(id: string, version: string): void;
  /** The versions, newest first. */
  versions(id: string): SkillVersion[];
  /** The files of a version, by default of the newest, by their paths below the directory of the skill. */
  files(id: string, version?: string): Record<string, Buffer>;
}

/** The actions on files. No file is archived. */
export interface FileConsole extends Omit<Console<FileMetadata>, "archive" | "live"> {
  /** Adds an object without any check. */
  create(
    overrides?: Partial<FileMetadata> & { content?: string | Buffer },
    account?: string,
    workspace?: string,
  ): FileMetadata;
  content(id: string): Buffer;
}

export function skillConsole(skills: Skills, versions: SkillVersions, ownerOf: OwnerOf): SkillConsole {
  const { archive: _archive, live: _live, ...shared } = consoleOf(skills);
  const versionOf = (id: string, version?: string): StoredSkillVersion => {
    const all = versions.of(skills.require(id).id);
    const found = version === undefined ? all[0] : all.find(({ fields }) => fields.version === version);
    if (found === undefined) throw new Error(`${id} has no version ${version ?? ""}`);
    return found;
  };
  return {
    ...shared,
    create: ({ name = "skill", files, archive, ...overrides } = {}, account, workspace) => {
      const made = packed(name, files);
      const uploaded = archive === undefined ? made : { ...made, archive: Buffer.from(archive) };
      return skills.reply(skills.place(ownerOf(account, workspace), uploaded, overrides));
    },
    addVersion: (id, files) => {
      const stored = skills.require(id);
      return versions.reply(skills.keepVersion(stored, packed(stored.fields.name, files)));
    },
    removeVersion: (id, version) => versions.remove(versionOf(id, version).id),
    versions: (id) => versions.of(skills.require(id).id).map((stored) => versions.reply(stored)),
    files: (id, version) => {
      const { files, fields } = versionOf(id, version);
      return Object.fromEntries(files.map(({ path, content }) => [path.slice(fields.name.length + 1), content]));
    },
  };
}

function packed(name: string, files: SkillFiles = {}): SkillPackage {
  const description = "What the skill is for";
  const all = { "SKILL.md": `---\nname: ${name}\ndescription: ${description}\n---\n`, ...files };
  const entries = Object.entries(all).map(([path, content]) => ({
    path: `${name}/${path}`,
    content: Buffer.from(content),
  }));
  return { name, description, files: entries, archive: zip(entries) };
}

export function fileConsole(files: Files, ownerOf: OwnerOf): FileConsole {
  const { archive: _archive, live: _live, ...shared } = consoleOf(files);
  return {
    ...shared,
    create: ({ content = "text", ...overrides } = {}, account, workspace) => {
      const { expires_at = null, ...others } = overrides;
      return files.reply(files.place(ownerOf(account, workspace), Buffer.from(content), { ...others, expires_at }));
    },
    content: (id) => Buffer.from(files.require(id).content),
  };
}
