import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { ApiError, invalid } from "./errors";
import { formOf, ownerOf } from "./exchange";
import { ManagedObjects, type Owner, type SharedFields, type StoredObject } from "./managed-objects";
import { type Form, jsonField } from "./multipart";
import { idOf, isNamed, objectRoutes, pageOf, pageQuery, queryOf, type Routes } from "./object-routes";
import { atMost, deletions, mergedMetadata, metadata, parseBody } from "./parse";
import { later, type Service } from "./service";
import { packageOf, type SkillPackage } from "./skill-package";
import type { SkillVersions, StoredSkillVersion } from "./skill-versions";
import type { JsonObject, Skill } from "./wire";

interface SkillFields extends SharedFields {
  /** The name in the package. No later version changes it. */
  name: string;
  display_title: string;
  source: Skill["source"];
}

export type StoredSkill = StoredObject<SkillFields>;

const display_title = z
  .string()
  .refine(atMost(255), "must be at most 255 characters")
  .regex(/^[^\r\n]*$/, "must be one line");
const formSchema = z.strictObject({
  display_title: display_title.optional(),
  metadata: metadata.nullable().optional(),
});

/** The time between a version and the update of its skill in a published reply. */
const PUBLISHED_LATE_US = 46_039;

export class Skills extends ManagedObjects<StoredSkill, Skill> {
  readonly #deleted = new Set<string>();

  constructor(
    service: Service,
    private readonly versions: SkillVersions,
  ) {
    super(service, {
      noun: "Skill",
      duplicateNames: (switches) => switches.duplicateUploads,
    });
  }

  /** "Create a skill" also creates its first version. */
  create(owner: Owner, form: Form): StoredSkill {
    const { switches } = this.service;
    const { display_title: title, metadata: text } = form.fields;
    const given = parseBody(formSchema, { display_title: title, metadata: jsonField(text, "metadata") }, switches);
    const uploaded = packageOf(form, switches);
    const fields = this.#blank(uploaded, {
      ...(given.display_title ? { display_title: given.display_title } : {}),
      metadata: mergedMetadata({}, given.metadata ?? {}, deletions(true)),
    });
    this.refuseTakenName(owner, fields);
    return this.#keep(owner, uploaded, fields);
  }

  place(owner: Owner, uploaded: SkillPackage, overrides: Partial<SkillFields> = {}): StoredSkill {
    return this.#keep(owner, uploaded, this.#blank(uploaded, overrides));
  }

  #blank({ name }: SkillPackage, overrides: Partial<SkillFields>): SkillFields {
    return {
      ...this.newborn(this.service.makeId("skill")),
      name,
      display_title: name,
      source: "custom",
      ...overrides,
    };
  }

  #keep(owner: Owner, uploaded: SkillPackage, fields: SkillFields): StoredSkill {
    const stored = this.add({ id: fields.id, owner, fields });
    this.versions.keep(stored, uploaded);
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
    const version = this.versions.keep(stored, uploaded);
    const { switches, latitude } = this.service;
    const lateUs = switches.skillUpdatedLateUs ?? (latitude.isFree("times") ? undefined : PUBLISHED_LATE_US);
    if (lateUs === undefined) this.touch(stored);
    else stored.fields.updated_at = later(version.fields.created_at, lateUs);
    return version;
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
  override delete(stored: StoredSkill): JsonObject {
    this.refuseCatalogue(stored);
    return super.delete(stored);
  }

  override remove(id: string): void {
    super.remove(id);
    this.#deleted.add(id);
    this.versions.removeAllOf(id);
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

  protected render({ fields }: StoredSkill): Skill {
    const { name: _name, archived_at: _archivedAt, ...shown } = structuredClone(fields);
    const versions = this.versions.of(fields.id);
    const newest = versions.at(this.service.switches.latestVersion === "newest" ? 0 : -1)?.fields;
    return {
      ...shown,
      type: "skill",
      latest_version: newest?.version ?? null,
      description: newest?.description ?? "",
    };
  }
}

function isOfCatalogue({ fields }: StoredSkill): boolean {
  return fields.source === "qoder";
}

const listQuery = z.object({
  ...pageQuery,
  source: z.enum(["custom", "qoder"]).optional(),
  name: z.string().optional(),
  display_title: z.string().optional(),
});
const versionsQuery = z.object({ limit: pageQuery.limit, page: pageQuery.page });

export function skillRoutes(
  shared: Routes,
  { skills, skillVersions: versions }: { skills: Skills; skillVersions: SkillVersions },
): void {
  const { app, switches, writes } = shared;
  objectRoutes(app, {
    path: "/skills",
    objects: skills,
    ...shared,
    listQuery,
    isListed: ({ fields }, { source, name, display_title }) => {
      const wanted = source ?? (switches.skillListWithoutSource === "custom" ? "custom" : fields.source);
      const { name: ownName, display_title: title } = fields;
      return fields.source === wanted && isNamed(ownName, name) && isNamed(title, display_title);
    },
    bodies: "form",
    create: (owner, _body, request) => skills.create(owner, formOf(request)),
    createStatus: 201,
    remove: (stored) => skills.delete(stored),
    // "Update a skill" is deprecated, and no client calls it.
    updates: "none",
    archives: "none",
  });

  const path = "/skills/:skill_id/versions";
  const skillOf = (request: FastifyRequest) => skills.read(ownerOf(request), idOf(request, "skill_id"));
  const versionOf = (request: FastifyRequest) => versions.readVersion(skillOf(request), idOf(request, "version"));
  const seenVersionOf = (request: FastifyRequest) => {
    const stored = versionOf(request);
    if (versions.seen(stored, "GET") === undefined) throw versions.missing(stored.fields.version);
    return stored;
  };
  const reply = (stored: StoredSkillVersion) => versions.reply(stored);

  app.post(path, (request, response) => {
    const create = () => {
      const skill = skillOf(request);
      const add = () => versions.making(() => skills.addVersion(skill, formOf(request)));
      return versions.reply(skills.writing(skill, add), "write");
    };
    return writes.answer(request, response, create, 201);
  });

  app.get(path, (request) => {
    const query = queryOf(request, versionsQuery);
    const items = versions.of(skillOf(request).id).map((stored) => ({ id: stored.fields.version, stored }));
    const isListed = ({ stored }: { stored: StoredSkillVersion }) => versions.seen(stored, "list") !== undefined;
    const page = pageOf(query, { items, isListed, reply: ({ stored }) => reply(stored) }, switches);
    // "List skill versions" shows neither `first_id` nor `last_id`.
    const { first_id: _first, last_id: _last, ...told } = page;
    return told;
  });

  app.get(`${path}/:version`, (request) => reply(seenVersionOf(request)));

  // "Get the content of a skill version" answers with the zip itself, not with a link.
  app.get(`${path}/:version/content`, (request, response) => {
    const { fields, archive } = seenVersionOf(request);
    const disposition = `attachment; filename="${fields.name}-${fields.version}.zip"`;
    return response.type("application/zip").header("content-disposition", disposition).send(archive);
  });

  app.delete(`${path}/:version`, (request, response) =>
    writes.remove(request, response, switches, () => {
      skills.refuseCatalogue(skillOf(request));
      return versions.delete(versionOf(request));
    }),
  );
}
