import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import { BROWSER_TOOLSET } from "../agent-schemas";
import type { Agents } from "../agents";
import { ApiError, invalid } from "../errors";
import { betasOf, jsonOf, ownerOf } from "../exchange";
import { pageOf, pageQuery } from "../pagination";
import { isObject } from "../parse";
import type { Service } from "../service";
import type { Switches } from "../switches";
import { isInRange, objectRoutes, sharedListQuery } from "./objects";
import { idOf, queryOf } from "./queries";
import type { Writes } from "./writes";

const BROWSER_BETA = "browser-use-2026-07-14";

const listQuery = z.object(sharedListQuery);
const versionQuery = z.object({ version: z.coerce.number().int().min(1).optional() });
const versionsQuery = z.object(pageQuery);

export function agentRoutes(app: FastifyInstance, { switches }: Service, writes: Writes, agents: Agents): void {
  objectRoutes(app, {
    path: "/agents",
    objects: agents,
    writes,
    switches,
    listQuery,
    isListed: (stored, query) => isInRange(stored.fields, query),
    create: (owner, body) => agents.create(owner, body),
    answer: (stored, request) => {
      const { version } = queryOf(request, versionQuery);
      return version === undefined ? agents.reply(stored) : agents.replyOf(stored, version);
    },
    admit: (request) => admitBrowserTools(request, switches),
  });

  app.get("/agents/:id/versions", (request) => {
    const stored = agents.read(ownerOf(request), idOf(request));
    const query = queryOf(request, versionsQuery);
    // "List versions" shows version numbers, as strings, in `first_id` and `last_id`.
    const items = agents.versions(stored).map(({ version }) => ({ id: String(version), version }));
    return pageOf(query, { items, reply: ({ version }) => agents.replyOf(stored, version) }, switches);
  });
}

/** The browser tools are a beta feature: only a request that names the beta may have them. */
function admitBrowserTools(request: FastifyRequest, switches: Switches): void {
  const body = jsonOf(request);
  const tools: unknown[] = isObject(body) && Array.isArray(body["tools"]) ? body["tools"] : [];
  if (!tools.some((tool) => isObject(tool) && tool["type"] === BROWSER_TOOLSET)) return;
  if (!betasOf(request).includes(BROWSER_BETA)) {
    throw invalid(`tools containing ${BROWSER_TOOLSET} require the 'x-qoder-beta: ${BROWSER_BETA}' header.`, "tools");
  }
  if (switches.browserToolset === "off") throw new ApiError(503, `${BROWSER_TOOLSET} is not available.`);
}
