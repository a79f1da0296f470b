import type * as pulumi from "@pulumi/pulumi";
import type { DiagnosticKind } from "../resource/kind/diagnostics";

/**
 * The arguments of a {@link QoderSkill}. A change of the files makes a new version of the skill. The API cannot change the
 * `name` in the SKILL.md, `displayTitle` and `metadata`, so a change of one of them replaces the skill: the provider creates
 * a new skill, its agents move, and the provider deletes the old one.
 */
export interface QoderSkillArgs {
  /**
   * The folder with the SKILL.md, absolute or relative to the folder of the project. Each preview and update reads its regular
   * files, at most 50 MB, without `.git`, `node_modules`, `__pycache__`, `.DS_Store` and `Thumbs.db` in any case. The state keeps the paths below the folder and digests, but neither the path of the folder nor the contents of its files.
   */
  readonly source: string;
  /** Further files to leave out, as patterns of a `.gitignore`. Left out: none. */
  readonly ignore?: readonly string[] | undefined;
  /** The title that people see: one line of at most 255 characters. Left out: the `name` in the SKILL.md. */
  readonly displayTitle?: pulumi.Input<string | undefined>;
  /** Labels: at most 16 keys of at most 64 characters, with values of at most 512. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * The id (`skill_...`) of an existing skill that this resource adopts instead of creating one. Its title and labels
   * must equal the arguments. If its newest version holds other files, the provider uploads a new version. Only the creation
   * of the resource reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this skill, such as `["adopt"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The inputs of a skill in the state: the arguments, with the name and digests in place of `source`. */
export interface SkillInputs extends Omit<QoderSkillArgs, "source" | "ignore"> {
  /** The `name` in the SKILL.md. */
  readonly name: string;
  /** The digest of each file by its path; ` executable` follows the digest of an executable file. */
  readonly files: Readonly<Record<string, string>>;
}

/** The outputs of a {@link QoderSkill} that the service computes, and the inputs that are always set. */
export interface SkillOutputs {
  /** The `name` in the SKILL.md. */
  readonly name: string;
  /** The digest of each file by its path below the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The `description` in the SKILL.md of the newest version, as the service shows it. */
  readonly description: string | undefined;
  /** The number of the newest version, as a text of digits; undefined where a person deleted all versions. */
  readonly latestVersion: string | undefined;
  /** The time of the creation, RFC 3339 in UTC. */
  readonly createdAt: string;
  /** The time of the last change, RFC 3339 in UTC, as of the creation or the last refresh: the answer to a new version does not show it. */
  readonly updatedAt: string;
}

/** The skill to look up: by its id or by its name. */
export interface GetSkillArgs {
  /** The id of the skill, `skill_...`; the look-up takes one GET. */
  readonly id?: string | undefined;
  /** The `name` in its SKILL.md. The look-up lists the skills and takes one GET for each skill in the list. */
  readonly name?: string | undefined;
  /**
   * `qoder`: the catalogue of the service; `custom`: the skills of the account. Left out: `custom` for a name, either for an
   * id.
   */
  readonly source?: "custom" | "qoder" | undefined;
}

/** {@link GetSkillArgs} whose values may be Outputs. */
export type GetSkillOutputArgs = {
  readonly [Name in keyof GetSkillArgs]: pulumi.Input<GetSkillArgs[Name]>;
};

/** A skill as the service shows it. An agent takes the result unchanged: `skills: [await getSkill({ name: "review" })]`. */
export interface GetSkillResult {
  /** `skill_...`. */
  readonly id: string;
  /** `qoder` for a skill of the catalogue, `custom` for a skill of the account. */
  readonly type: "custom" | "qoder";
  /** The title that people see. */
  readonly displayTitle: string;
  /** The `name` in its SKILL.md; undefined if the look-up used the id. */
  readonly name?: string | undefined;
  /** The text by which an agent decides to use the skill; undefined if the service does not show it. */
  readonly description?: string | undefined;
  /** The number of the newest version; undefined if the skill has no version. */
  readonly latestVersion?: string | undefined;
  /** All labels. */
  readonly metadata: Readonly<Record<string, unknown>>;
  /** RFC 3339, UTC. */
  readonly createdAt?: string | undefined;
  /** RFC 3339, UTC. */
  readonly updatedAt?: string | undefined;
}
