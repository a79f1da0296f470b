import { z } from "zod";
import { skills } from "../program/named-kinds";
import { acknowledgeField, adoptField, keptValue, skillId } from "../resource/fields/common-fields";
import { same } from "../resource/fields/comparison";
import { type Field, identical, wholeValue } from "../resource/fields/field";
import { metadataField } from "../resource/fields/metadata";
import { rowsOf, type ValuesOf } from "../resource/fields/rows";
import { type ProgramChange, type ResourceKind, replyOf } from "../resource/kind";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import { type PlanRemark, planWarning } from "../resource/plan-remark";
import { containsUnknown } from "../resource/program-values";
import type { SkillInputs, SkillOutputs } from "./arguments";
import { filesField } from "./files";
import { type Skill, skillShape } from "./reply";
import { upload } from "./upload";

/** No reply of a skill contains the name. Uploads send it as the folder of the package. */
const nameField: Field<string> = {
  ...keptValue(z.string().min(1), {
    leftOut: "an error",
    removed: "an error",
    sameWhen: "equal; another one replaces the skill",
  }),
  leftOut: "refused",
  replaces: true,
};

const titleField: Field<string> = {
  schema: z.string().min(1).max(255).regex(/^.*$/, "is more than one line"),
  ...wholeValue({
    wire: "display_title",
    leftOut: "untouched",
    recorded: z.string(),
    normal: identical,
    toWire: identical,
    fromWire: ({ display_title: title }: Skill) => title,
    meaning: {
      leftOut: "the `name` in the SKILL.md",
      removed: "a new skill without it",
      sameWhen: "equal; another one replaces the skill",
    },
  }),
  replaces: true,
};

/**
 * "API reference: skills". The API only adds versions to a skill, so a change of any argument except the files replaces the
 * skill.
 */
const fields = rowsOf<SkillInputs>()({
  name: nameField,
  files: filesField,
  displayTitle: titleField,
  metadata: { ...metadataField(undefined), replaces: true },
  adopt: adoptField(skillId),
  acknowledge: acknowledgeField(),
});
type Values = ValuesOf<typeof fields>;

const packaged = z.looseObject({
  display_title: z.string().optional(),
  files: z.record(z.string(), z.unknown()).optional(),
});
const namesSkills = z.looseObject({ skills: z.array(z.looseObject({ skill_id: z.string().optional() })) });

/** "API reference: skills". A skill names no object that only its own account sees, so it has no witness. */
export const skillKind: ResourceKind<Values> = {
  ...skills,
  reply: replyOf(fields, skillShape),
  fields,
  written: ["source", "ignore", "displayTitle", "metadata", "adopt"],
  insteadOf: { path: 'write source: "..."', folder: 'write source: "..."', title: 'write displayTitle: "..."' },
  outputs: {
    description: { recorded: z.string(), read: ({ description }: Skill) => description },
    latestVersion: { recorded: z.string(), read: ({ latest_version: version }: Skill) => version },
    createdAt: commonOutputRows.createdAt,
    updatedAt: commonOutputRows.updatedAt,
  } satisfies OutputRows<Omit<SkillOutputs, keyof SkillInputs>>,
  // A skill without a title has the name of its package as title.
  identity(object) {
    const { display_title: title, files = {} } = packaged.safeParse(object).data ?? {};
    return title ?? Object.keys(files)[0]?.split("/")[0];
  },
  upload,
  hasFreeNames: true,
  hasNoKeys: true,
  namesSecrets: true,
  users: {
    kind: { noun: "agent", collection: "agents", idPrefix: "agent_" },
    namedBy: (agent) => (namesSkills.safeParse(agent).data?.skills ?? []).flatMap(({ skill_id: id }) => id ?? []),
  },
  deletes: () => true,
  tellsReplacement: true,
  changeRemarks,
};

function changeRemarks({ before, after, inputs }: ProgramChange<Values>): PlanRemark[] {
  const changed = (["name", "displayTitle", "metadata"] as const).filter(
    (name) => before.name !== undefined && !containsUnknown(inputs[name]) && !same(before[name], after[name]),
  );
  return changed.map((name) =>
    planWarning(
      "replacement",
      `${name}: the API cannot change it, so another skill is created, agents of this program move to it, and this one is deleted with all versions`,
    ),
  );
}
