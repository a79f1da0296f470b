import type * as pulumi from "@pulumi/pulumi";
import type { RemarkKind } from "../resource/plan-remark";

/**
 * The arguments of a {@link QoderSkill}. Other files make a new version of the skill. The `name` in the SKILL.md, `displayTitle` and
 * `metadata` stand for ever, so a change of one of them replaces the skill: a new one is created, its agents move, and the old one is
 * deleted.
 */
export interface QoderSkillArgs {
  /**
   * The folder with the SKILL.md, absolute or from the working directory of the program. It is read while the program runs: regular
   * files alone, at most 50 MB. `.git`, `node_modules`, `__pycache__`, `.DS_Store` and `Thumbs.db` stay out. The state has the paths
   * below it and digests, and neither where it is nor what is in its files.
   */
  readonly source: string;
  /** What stays out as well, in patterns of a `.gitignore`. Left out: nothing. */
  readonly ignore?: readonly string[] | undefined;
  /** What people see, one line of at most 255 characters. Left out: the `name` in the SKILL.md. */
  readonly displayTitle?: pulumi.Input<string | undefined>;
  /** Labels: at most 16 keys of at most 64 characters, with values of at most 512. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * The id (`skill_...`) of an existing skill to take over instead of creating one; its title and labels must be as the arguments
   * say. Its newest version stays where it holds the same files, else a new version is made. Counts at creation only; later changes
   * and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /** Kinds of remarks that no preview tells of this skill, such as `["adopt"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** What a state has of a skill: the arguments, with what was read in place of where it was read. */
export interface SkillInputs extends Omit<QoderSkillArgs, "source" | "ignore"> {
  /** The `name` in the SKILL.md. */
  readonly name: string;
  /** The digest of each file by its path, with the mark ` executable` where it is that. */
  readonly files: Readonly<Record<string, string>>;
}

/** The outputs of a {@link QoderSkill} that the service computes, and what it always has. */
export interface SkillOutputs {
  /** The `name` in the SKILL.md. */
  readonly name: string;
  /** The digest of each file by its path below the folder. */
  readonly files: Readonly<Record<string, string>>;
  /** The `description` in the SKILL.md of the newest version, as the service shows it. */
  readonly description: string | undefined;
  /** The number of the newest version, as a text of digits; undefined where somebody deleted all of them. */
  readonly latestVersion: string | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** RFC 3339, UTC; a new version moves it. */
  readonly updatedAt: string;
}
