import { z } from "zod";
import { skills } from "../kinds/table";
import { namedText } from "../resource/kind/common-fields";
import { type OutputsOf, Reference, wholeValue } from "../resource/kind/field";
import { toWireCase } from "../resource/kind/wire-case";

const example = '[{ type: "custom", skillId: "skill_..." }]';
const text = z.string().min(1);
const skill = z.strictObject({
  type: z.enum(["custom", "qoder"]),
  skillId: namedText(skills),
  version: text.optional(),
});

const recorded = z.array(z.looseObject({ type: z.string() }));

export const skillsField = {
  schema: z.array(skill, { error: `write ${example}` }).max(20),
  ...wholeValue({
    wire: "skills",
    leftOut: "cleared",
    recorded,
    cleared: [],
    empty: [],
    normal: (skills) => skills.map((one) => toWireCase(one)),
    toWire: (skills) => skills.map((one) => toWireCase(one)),
    // For a skill without a version the reply may show the version that the service chose.
    filledIn: ["version"],
    import: { referring: (skills, outputsOf) => skills.map((one) => referring(one, outputsOf)) },
  }),
};

type SkillValue = z.infer<typeof recorded>[number];

/**
 * In the imported program a skill at its newest version becomes the `QoderSkill` itself, so the agent moves to later
 * versions.
 */
function referring(value: SkillValue, outputsOf: OutputsOf): SkillValue | Reference {
  const { type, skillId: id, version } = value;
  const outputs = typeof id === "string" ? outputsOf(id) : undefined;
  if (typeof id !== "string" || outputs === undefined) {
    return value;
  }
  // The resource itself has the type "custom".
  const isNewest = type === "custom" && version !== undefined && version === outputs["latestVersion"];
  return isNewest ? new Reference(id) : { ...value, skillId: new Reference(id, "id") };
}
