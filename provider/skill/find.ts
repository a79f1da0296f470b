import type { QoderClient } from "../api/client";
import { type Caller, QoderApiError, QoderError } from "../api/errors";
import { patience } from "../api/patience";
import { firstOf } from "../api/terminal-text";
import { asking, findById, mostListed, notSeen, onlyOne } from "../look-up/find";
import { Objects } from "../resource/read/objects";
import type { GetSkillArgs, GetSkillResult } from "./arguments";
import { skillKind } from "./kind";
import { type Skill, versionIn } from "./reply";

export const find = asking(skillKind, findSkill);

async function findSkill(
  client: QoderClient,
  { id, name = "", source }: GetSkillArgs,
  caller: Caller | undefined,
): Promise<GetSkillResult> {
  const objects = new Objects(client, skillKind);
  if (id === undefined) {
    return { ...resultOf(await byName(objects, name, source ?? "custom", caller)), name };
  }
  const found = resultOf(await findById(objects, id));
  if (source !== undefined && found.type !== source) {
    throw new QoderError(`the source of this skill is ${found.type}, not ${source}`);
  }
  return found;
}

function resultOf(skill: Skill): GetSkillResult {
  const { id, description, latest_version: version, created_at: createdAt, updated_at: updatedAt } = skill;
  const metadata = skill["metadata"];
  return {
    id,
    type: skill.source === "qoder" ? "qoder" : "custom",
    displayTitle: skill.display_title ?? "",
    ...(description == null ? {} : { description }),
    ...(version == null ? {} : { latestVersion: version }),
    metadata: typeof metadata === "object" && metadata !== null ? { ...metadata } : {},
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
  };
}

/** Only the versions of a skill show its name, so each skill in the list takes one more request. */
async function byName(objects: Objects, name: string, source: string, caller: Caller | undefined): Promise<Skill> {
  const named: Skill[] = [];
  const others: string[] = [];
  let asked = 0;
  for await (const entry of objects.client.live(skillKind, { source, name })) {
    const skill = await objects.listed(entry);
    // The service may ignore the filters.
    if ("source" in skill && skill["source"] !== source) {
      continue;
    }
    asked += 1;
    if (asked > patience.skillsOfSearch) {
      throw new QoderError(
        `the service shows more than ${patience.skillsOfSearch} skills for this name.\nGive the id of the skill`,
      );
    }
    const own = await nameOf(objects, skill);
    if (own === name) {
      named.push(skill);
    } else {
      others.push(own ?? skill.id);
    }
  }
  return onlyOne(skillKind, named, () => noneOf(source, others, caller));
}

async function nameOf({ client }: Objects, { id, latest_version: version, display_title: title }: Skill) {
  if (version == null) {
    return title;
  }
  try {
    const { body } = await client.send({ method: "GET", path: ["skills", id, "versions", version], repeat: "safe" });
    return versionIn(body)?.name ?? title;
  } catch (error) {
    // The catalogue may show no versions. The title of a skill is its name if the skill has no other title.
    if (error instanceof QoderApiError && [403, 404].includes(error.status)) {
      return title;
    }
    throw error;
  }
}

function noneOf(source: string, others: readonly string[], caller: Caller | undefined): QoderError {
  const there = others.length === 0 ? "" : `; there are ${firstOf(others, mostListed)}`;
  const remedy =
    source === "qoder"
      ? "The catalogue differs by account"
      : 'For a skill of the catalogue give source: "qoder"; otherwise check the token, the workspace and the base URL';
  return notSeen(`no skill of the source ${source} that this token sees has this name${there}`, remedy, caller);
}
