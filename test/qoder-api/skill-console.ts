import type { Collections } from "./collections";
import { consoleOf, type OwnerOf } from "./console";
import type { SkillPackage } from "./skill-package";
import type { StoredSkillVersion } from "./skill-versions";
import type { Skill } from "./wire";
import { zip } from "./zip";

/** The contents of files by their paths below the directory of the skill. */
type SkillFiles = Record<string, string | Buffer>;

export function skillConsole({ skills, skillVersions: versions }: Collections, ownerOf: OwnerOf) {
  // No skill is archived.
  const { archive: _archive, live: _live, ...shared } = consoleOf(skills);
  const versionOf = (id: string, version?: string): StoredSkillVersion => {
    const all = versions.of(skills.require(id).id);
    const found = version === undefined ? all[0] : all.find(({ fields }) => fields.version === version);
    if (found === undefined) throw new Error(`${id} has no version ${version ?? ""}`);
    return found;
  };
  return {
    ...shared,
    /** A download answers with `archive`, if it is given, in place of the zip of the files. */
    create: (
      {
        name = "skill",
        files,
        archive,
        ...overrides
      }: Partial<Skill> & { name?: string; files?: SkillFiles; archive?: Uint8Array } = {},
      account?: string,
      workspace?: string,
    ) => {
      const made = packed(name, files);
      const uploaded = archive === undefined ? made : { ...made, archive: Buffer.from(archive) };
      return skills.reply(skills.place(ownerOf(account, workspace), uploaded, overrides));
    },
    addVersion: (id: string, files?: SkillFiles) => {
      const stored = skills.require(id);
      return versions.reply(skills.keepVersion(stored, packed(stored.fields.name, files)));
    },
    removeVersion: (id: string, version: string) => versions.remove(versionOf(id, version).id),
    /** Newest first. */
    versions: (id: string) => versions.of(skills.require(id).id).map((stored) => versions.reply(stored)),
    /** The files of a version, by default of the newest, by their paths below the directory of the skill. */
    files: (id: string, version?: string) => {
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
