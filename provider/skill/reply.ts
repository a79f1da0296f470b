import { z } from "zod";
import type { CommonReply, ReplyOf } from "../resource/kind/outputs";

/** "API reference: skills, schemas". The members of a skill in a reply that other kinds do not have. */
export const skillShape = {
  display_title: z.string().optional(),
  // Deprecated in favour of the description of a version, but present in every reply that was observed.
  description: z.string().nullish(),
  // Null after all versions were deleted.
  latest_version: z.string().nullable(),
  source: z.string().optional(),
};
export type Skill = ReplyOf<CommonReply & z.infer<z.ZodObject<typeof skillShape>>>;

/** "Create a skill version". */
const versionSchema = z.looseObject({
  version: z.string().regex(/^\d+$/),
  skill_id: z.string(),
  name: z.string().optional(),
  description: z.string().optional(),
});
export type SkillVersion = z.infer<typeof versionSchema>;

export function versionIn(body: unknown): SkillVersion | undefined {
  return versionSchema.safeParse(body).data;
}

/**
 * The skill as it is after this version was created, from the answer to that request: no further GET is needed. The time of the version is
 * not the `updated_at` of the skill: a real reply shows the two 46 ms apart.
 */
export function skillAfter(id: string, answer: unknown): Skill | undefined {
  const shown = versionIn(answer);
  return shown?.skill_id === id ? { id, latest_version: shown.version, description: shown.description } : undefined;
}

/** The time of a version. Its number is the microsecond of its creation; older versions have the numbers 1, 2 and so on. */
export function timeOfVersion(version: string): Date | undefined {
  return /^\d{16}$/.test(version) ? new Date(Math.floor(Number(version) / 1_000)) : undefined;
}
