import { createHash } from "node:crypto";
import { invalid } from "./errors";
import { ManagedObjects, type Owner, type SharedFields, type StoredObject } from "./managed-objects";
import { countOf, type Service } from "./service";
import type { SkillPackage } from "./skill-package";
import type { Skills } from "./skills";
import type { ErrorDetail, JsonObject, SkillVersion } from "./wire";
import type { ZipEntry } from "./zip";

interface VersionFields extends SharedFields {
  skill_id: string;
  version: string;
  name: string;
  description: string;
}

export interface StoredSkillVersion extends StoredObject {
  fields: VersionFields;
  readonly files: readonly ZipEntry[];
  readonly archive: Buffer;
}

const DIGITS = /^\d+$/;

/** The versions of skills. A version never changes. */
export class SkillVersions extends ManagedObjects<StoredSkillVersion, SkillVersion> {
  #last = 0;

  constructor(service: Service) {
    super(service, {
      noun: "Skill version",
    });
  }

  keep({ id: skill_id, owner }: StoredObject, { name, description, files, archive }: SkillPackage): StoredSkillVersion {
    const born = this.newborn(this.service.makeId("skillver"));
    const fields = { ...born, skill_id, version: this.#number(), name, description };
    return this.add({ id: fields.id, owner, fields, files, archive });
  }

  update(): StoredSkillVersion {
    throw invalid("A skill version never changes.");
  }

  /** The versions of the skill, newest first. */
  of(skillId: string): StoredSkillVersion[] {
    return this.all()
      .filter(({ fields }) => fields.skill_id === skillId)
      .reverse();
  }

  /** "Get a skill version": the path has the digits of a version; the service refuses `latest`. */
  readVersion(skill: StoredObject, version: string): StoredSkillVersion {
    if (!DIGITS.test(version)) throw invalid("Invalid value for version: must be digits", "version");
    const stored = this.of(skill.id).find(({ fields }) => fields.version === version);
    return this.read(skill.owner, stored?.id ?? version);
  }

  /** "Delete a skill version": the answer has the version in `id`. */
  override delete(stored: StoredSkillVersion): JsonObject {
    return { ...super.delete(stored), id: stored.fields.version };
  }

  removeAllOf(skillId: string): void {
    for (const { id } of this.of(skillId)) this.remove(id);
  }

  protected render({ fields, archive }: StoredSkillVersion): SkillVersion {
    const { metadata: _metadata, archived_at: _archivedAt, updated_at, ...shown } = structuredClone(fields);
    return {
      ...shown,
      type: "skill_version",
      directory: fields.name,
      content_size: archive.length,
      content_sha256: createHash("sha256").update(archive).digest("hex"),
      status: "active",
      updated_at,
    };
  }

  /** The present time in microseconds, or the next number that no version has. */
  #number(): string {
    const { clock, latitude } = this.service;
    const now = clock();
    this.#last = Math.max(countOf(now) + latitude.microsecondsOff("version of a skill", now), this.#last + 1);
    return String(this.#last);
  }
}

/** The version values that mean the newest version at the start of a session. */
const NEWEST = [undefined, "latest"];

/** "Skills": the version that a reply shows for an unknown skill. */
const EXAMPLE_VERSION = "1787056687619589";

/** The skills that agents name. */
export class SkillReferences {
  constructor(
    private readonly skills: Skills,
    private readonly versions: SkillVersions,
  ) {}

  /** "Create an agent": the service refuses a version that the skill does not have. The page names no answer for a skill that does not exist. */
  refuse(owner: Owner, named: readonly JsonObject[]): void {
    for (const [index, { skill_id, version }] of named.entries()) {
      const id = String(skill_id);
      const isKnown = this.skills.find(owner, id) !== undefined;
      if (isKnown && !this.#hasVersion(id, version)) {
        const param = `skills.${index}.version`;
        throw invalid(`Invalid value for ${param}: skill '${id}' has no such version`, param);
      }
    }
  }

  /** The reason why no session can start with these skills; null if one can. */
  runError(named: readonly JsonObject[]): ErrorDetail | null {
    const isGone = named.some(({ skill_id }) => this.skills.wasDeleted(String(skill_id)));
    return isGone ? { type: "skill_not_found_error", message: "Skill does not exist." } : null;
  }

  newestVersion(skillId: string): string {
    return this.versions.of(skillId)[0]?.fields.version ?? EXAMPLE_VERSION;
  }

  #hasVersion(skillId: string, version: unknown): boolean {
    const isPinned = !NEWEST.some((newest) => newest === version);
    return !isPinned || this.versions.of(skillId).some(({ fields }) => fields.version === version);
  }
}
