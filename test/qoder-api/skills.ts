import { z } from "zod";
import { ApiError, invalid } from "./errors";
import { ManagedObjects, type SharedFields, type StoredObject } from "./managed-objects";
import { deletions, mergedMetadata } from "./metadata";
import { type Form, jsonField } from "./multipart";
import type { Owner } from "./owners";
import { parseBody } from "./parse";
import { atMost, metadata } from "./request-schemas";
import type { Service } from "./service";
import { legacyPackageOf, packageOf, type SkillPackage } from "./skill-package";
import type { SkillVersions, StoredSkillVersion } from "./skill-versions";
import type { Switches } from "./switches";
import { microseconds } from "./timestamps";
import type { JsonObject, Skill } from "./wire";

interface SkillFields extends SharedFields {
  /** The name in the package. No later version changes it. */
  name: string;
  display_title: string;
  source: Skill["source"];
}

export interface StoredSkill extends StoredObject {
  fields: SkillFields;
}

const display_title = z
  .string()
  .refine(atMost(255), "must be at most 255 characters")
  .regex(/^[^\r\n]*$/, "must be one line");
const formSchema = z.strictObject({
  display_title: display_title.optional(),
  metadata: metadata.nullable().optional(),
});

export class Skills extends ManagedObjects<StoredSkill, Skill> {
  readonly #versions: SkillVersions;
  readonly #deleted = new Set<string>();

  constructor(service: Service, versions: SkillVersions) {
    super(service, {
      noun: "Skill",
      article: "A",
      stamp: microseconds,
      // In real replies, four uploads of one package made four skills with one title.
      duplicateNames: () => "allow",
      archiveTwice: () => 409,
    });
    this.#versions = versions;
  }

  /** "Create a skill" also creates its first version. */
  create(owner: Owner, form: Form): StoredSkill {
    const { switches } = this.service;
    const { display_title: title, metadata: text } = form.fields;
    const given = parseBody(formSchema, { display_title: title, metadata: jsonField(text, "metadata") }, switches);
    const uploaded = form.files.some(({ part }) => part === "files") ? undefined : legacyPackageOf(form, switches);
    return this.place(owner, uploaded ?? packageOf(form, switches), {
      ...(given.display_title ? { display_title: given.display_title } : {}),
      metadata: mergedMetadata({}, given.metadata ?? {}, deletions(true)),
    });
  }

  /** Adds an object without any check. */
  place(owner: Owner, uploaded: SkillPackage, overrides: Partial<SkillFields> = {}): StoredSkill {
    const now = this.now();
    const fields: SkillFields = {
      id: this.service.makeId("skill"),
      name: uploaded.name,
      display_title: uploaded.name,
      source: "custom",
      metadata: {},
      archived_at: null,
      created_at: now,
      updated_at: now,
      ...overrides,
    };
    const stored = this.add({ id: fields.id, owner, fields });
    this.#versions.keep(stored, uploaded);
    return stored;
  }

  /** "Create a skill version": the content may be unchanged, the name may not change. */
  addVersion(stored: StoredSkill, form: Form): StoredSkillVersion {
    this.refuseCatalogue(stored);
    const uploaded = packageOf(form, this.service.switches);
    if (uploaded.name !== stored.fields.name) {
      throw invalid(`Invalid SKILL.md: name must stay '${stored.fields.name}'.`, "files");
    }
    return this.keepVersion(stored, uploaded);
  }

  keepVersion(stored: StoredSkill, uploaded: SkillPackage): StoredSkillVersion {
    this.touch(stored);
    return this.#versions.keep(stored, uploaded);
  }

  /** Changes a skill as a person at the console does: only a deprecated page has an endpoint for this. */
  update(stored: StoredSkill, body: unknown): StoredSkill {
    const patch = parseBody(formSchema, body, this.service.switches);
    const { fields } = stored;
    return this.apply(stored, patch, () => ({
      ...fields,
      display_title: patch.display_title ?? fields.display_title,
      metadata: mergedMetadata(fields.metadata, patch.metadata ?? {}, deletions(false)),
    }));
  }

  /** "Delete a skill" also deletes its versions, even if agents name the skill. */
  delete(stored: StoredSkill): JsonObject {
    this.refuseCatalogue(stored);
    this.remove(stored.id);
    return { id: stored.id, type: "skill_deleted" };
  }

  override remove(id: string): void {
    super.remove(id);
    this.#deleted.add(id);
    this.#versions.removeAllOf(id);
  }

  wasDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  /** The skill of this owner, or one of the catalogue, which everybody sees. */
  override find(owner: Owner, id: string): StoredSkill | undefined {
    return super.find(owner, id) ?? this.all().find((skill) => skill.id === id && isOfCatalogue(skill));
  }

  override newestFirst(owner: Owner): StoredSkill[] {
    const own = new Set(super.newestFirst(owner));
    return this.all()
      .filter((skill) => own.has(skill) || isOfCatalogue(skill))
      .reverse();
  }

  refuseCatalogue(stored: StoredSkill): void {
    if (isOfCatalogue(stored)) throw new ApiError(403, "A skill of the catalogue cannot be changed.");
  }

  protected render({ fields }: StoredSkill, { skillDetails }: Switches): Skill {
    const { name: _name, archived_at: _archivedAt, ...shown } = structuredClone(fields);
    const newest = this.#versions.of(fields.id)[0]?.fields;
    return {
      ...shown,
      type: "skill",
      latest_version: newest?.version ?? null,
      ...(skillDetails === "shown" ? { description: newest?.description ?? "" } : {}),
    };
  }
}

function isOfCatalogue({ fields }: StoredSkill): boolean {
  return fields.source === "qoder";
}
