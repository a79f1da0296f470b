import type { Collections } from "./collections";
import { type Console, consoleOf, type OwnerOf } from "./console";
import type { SkillPackage } from "./skill-package";
import type { StoredSkillVersion } from "./skill-versions";
import type { Skill, SkillVersion } from "./wire";
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

export function skillConsole({ skills, skillVersions: versions }: Collections, ownerOf: OwnerOf): SkillConsole {
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
