import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { formOf, ownerOf } from "../exchange";
import { pageOf, pageQuery } from "../pagination";
import type { Service } from "../service";
import type { SkillVersions, StoredSkillVersion } from "../skill-versions";
import type { Skills } from "../skills";
import { objectRoutes } from "./objects";
import { isNamed, queryOf } from "./queries";
import type { Writes } from "./writes";

const listQuery = z.object({
  ...pageQuery,
  source: z.enum(["custom", "qoder"]).optional(),
  name: z.string().optional(),
  display_title: z.string().optional(),
});
const versionsQuery = z.object({ limit: pageQuery.limit, page: pageQuery.page });
const skillParams = z.object({ skill_id: z.string() });
const versionParams = z.object({ version: z.string() });

export function skillRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  { skills, skillVersions: versions }: { skills: Skills; skillVersions: SkillVersions },
): void {
  objectRoutes(app, {
    path: "/skills",
    objects: skills,
    writes,
    switches,
    listQuery,
    isListed: ({ fields }, { source, name, display_title }) => {
      const wanted = source ?? (switches.skillListWithoutSource === "custom" ? "custom" : fields.source);
      const { name: ownName, display_title: title } = fields;
      return fields.source === wanted && isNamed(ownName, name, switches) && isNamed(title, display_title, switches);
    },
    bodies: "form",
    create: (owner, _body, request) => skills.create(owner, formOf(request)),
    createStatus: () => switches.skillCreateStatus,
    remove: (stored) => skills.delete(stored),
    // "Update a skill" is deprecated, and no client calls it.
    updates: "none",
    archives: "none",
  });

  const path = "/skills/:skill_id/versions";
  const skillOf = (request: FastifyRequest) =>
    skills.read(ownerOf(request), skillParams.parse(request.params).skill_id);
  const versionOf = (request: FastifyRequest) =>
    versions.readVersion(skillOf(request), versionParams.parse(request.params).version);
  const reply = (stored: StoredSkillVersion) => versions.reply(stored);

  app.post(path, (request, response) => {
    const create = () => versions.reply(skills.addVersion(skillOf(request), formOf(request)), "write");
    return writes.answer(request, response, create, 201);
  });

  app.get(path, (request) => {
    const query = queryOf(request, versionsQuery);
    const items = versions.of(skillOf(request).id).map((stored) => ({ id: stored.fields.version, stored }));
    const page = pageOf(query, { items, reply: ({ stored }) => reply(stored) }, switches);
    // "List skill versions" shows neither `first_id` nor `last_id`.
    const { first_id: _first, last_id: _last, ...told } = page;
    return told;
  });

  app.get(`${path}/:version`, (request) => reply(versionOf(request)));

  // "Get the content of a skill version" answers with the zip itself, not with a link.
  app.get(`${path}/:version/content`, (request, response) => {
    const { fields, archive } = versionOf(request);
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
