import { createHash } from "node:crypto";
import { invalid } from "./errors";
import { ManagedObjects, type SharedFields, type StoredObject } from "./managed-objects";
import type { Service } from "./service";
import type { SkillPackage } from "./skill-package";
import type { Switches } from "./switches";
import { microseconds } from "./timestamps";
import type { JsonObject, SkillVersion } from "./wire";
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
      article: "A",
      stamp: microseconds,
      duplicateNames: () => "allow",
      archiveTwice: () => 409,
    });
  }

  keep({ id: skill_id, owner }: StoredObject, { name, description, files, archive }: SkillPackage): StoredSkillVersion {
    const now = this.now();
    const id = this.service.makeId("skillver");
    const times = { archived_at: null, created_at: now, updated_at: now };
    const fields = { id, skill_id, version: this.#number(), name, description, metadata: {}, ...times };
    return this.add({ id, owner, fields, files, archive });
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
  delete({ id, fields }: StoredSkillVersion): JsonObject {
    this.remove(id);
    return { id: fields.version, type: "skill_version_deleted" };
  }

  removeAllOf(skillId: string): void {
    for (const { id } of this.of(skillId)) this.remove(id);
  }

  protected render({ fields, archive }: StoredSkillVersion, { skillDetails }: Switches): SkillVersion {
    const { metadata: _metadata, archived_at: _archivedAt, updated_at, ...shown } = structuredClone(fields);
    const details = {
      content_size: archive.length,
      content_sha256: createHash("sha256").update(archive).digest("hex"),
      status: "active" as const,
      updated_at,
    };
    return {
      ...shown,
      type: "skill_version",
      directory: fields.name,
      ...(skillDetails === "shown" ? details : {}),
    };
  }

  /** The present time in microseconds, or the next number that no version has. */
  #number(): string {
    const [milliseconds, beyond] = [this.service.clock().getTime(), /\.\d{3}(\d*)Z$/.exec(this.now())?.[1] ?? ""];
    this.#last = Math.max(milliseconds * 1000 + Number(beyond.padEnd(3, "0")), this.#last + 1);
    return String(this.#last);
  }
}
