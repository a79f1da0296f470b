import { ApiError, invalid } from "./errors";
import type { Owner } from "./owners";
import type { SkillVersions } from "./skill-versions";
import type { Skills } from "./skills";
import type { Switches } from "./switches";
import type { ErrorDetail, JsonObject } from "./wire";

/** The version values that mean the newest version at the start of a session. */
const NEWEST = [undefined, "latest"];

/** "Skills": the version that a reply shows for an unknown skill. */
const EXAMPLE_VERSION = "1787056687619589";

/** The skills that agents name. */
export class SkillReferences {
  readonly #skills: Skills;
  readonly #versions: SkillVersions;
  readonly #switches: Switches;

  constructor(skills: Skills, versions: SkillVersions, switches: Switches) {
    this.#skills = skills;
    this.#versions = versions;
    this.#switches = switches;
  }

  /** "Create an agent": the service refuses a version that the skill does not have. */
  refuse(owner: Owner, named: readonly JsonObject[]): void {
    for (const [index, { skill_id, version }] of named.entries()) {
      const id = String(skill_id);
      const { missingSkill } = this.#switches;
      const isKnown = this.#skills.find(owner, id) !== undefined;
      if (!isKnown && missingSkill !== "accept") {
        throw new ApiError(missingSkill, `Skill '${id}' was not found.`, `skills.${index}.skill_id`);
      }
      if (isKnown && !this.#hasVersion(id, version)) {
        const param = `skills.${index}.version`;
        throw invalid(`Invalid value for ${param}: skill '${id}' has no such version`, param);
      }
    }
  }

  /** The reason why no session can start with these skills; null if one can. */
  runError(named: readonly JsonObject[]): ErrorDetail | null {
    for (const { skill_id, version } of named) {
      const id = String(skill_id);
      if (this.#skills.wasDeleted(id)) return { type: "skill_not_found_error", message: "Skill does not exist." };
      const isKept = this.#versions.of(id).length === 0 || this.#hasVersion(id, version);
      if (!isKept && this.#switches.deletedSkillVersion === "run-error") {
        return { type: "skill_not_found_error", message: "Skill version does not exist." };
      }
    }
    return null;
  }

  newestVersion(skillId: string): string {
    return this.#versions.of(skillId)[0]?.fields.version ?? EXAMPLE_VERSION;
  }

  #hasVersion(skillId: string, version: unknown): boolean {
    const isPinned = !NEWEST.some((newest) => newest === version);
    return !isPinned || this.#versions.of(skillId).some(({ fields }) => fields.version === version);
  }
}
