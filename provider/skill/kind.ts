import { z } from "zod";
import { firstOf } from "../api/terminal-text";
import { skills } from "../kinds/table";
import { acknowledgeField, adoptField, idOf, keptValue } from "../resource/kind/common-fields";
import { type PlanRemark, planInfo } from "../resource/kind/diagnostics";
import { type Field, identical, wholeValue } from "../resource/kind/field";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { type BaseReply, commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { same } from "../resource/kind/program-values";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { QoderSkillArgs, SkillInputs, SkillOutputs } from "./arguments";
import { type Digests, pathOf } from "./digests";
import { type Skill, skillShape, timeOfVersion } from "./reply";
import { upload } from "./upload";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}( executable)?$/, "is not a digest of a file");

/**
 * The digests of the files. No reply shows them: of an upload by another person a reply shows only the number of the version,
 * and a refresh records this number in the inputs.
 */
const filesField: Field<Digests> = {
  wire: "files",
  shownIn: "latest_version",
  leftOut: "refused",
  schema: z.record(z.string(), digest),
  recorded: z.record(z.string(), z.string()),
  change(applied, wanted, _outputs, sending) {
    if (wanted === undefined || (same(applied, wanted) && sending?.isAgain !== true)) {
      return undefined;
    }
    // The paths in the package start with the name, so another name changes every path.
    return Object.fromEntries(
      Object.entries(wanted).map(([member, one]) => [`${sending?.wanted["name"]}/${pathOf(member)}`, one]),
    );
  },
  live: foreignFiles,
  describe: (_reply: BaseReply) => undefined,
};

/** What a reply shows of the files: their version. Right after an upload of a program, this is how the service shows its files. */
function foreignFiles({ latest_version: version }: Skill): Digests {
  if (version == null) {
    return { "(no version)": "all were deleted elsewhere" };
  }
  const time = timeOfVersion(version);
  return {
    [`(version ${version})`]: time === undefined ? "uploaded elsewhere" : `uploaded elsewhere at ${time.toISOString()}`,
  };
}

/** No reply of a skill contains the name. Uploads send it as the folder of the package. */
const nameField: Field<string> = {
  ...keptValue(z.string().min(1)),
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
  adopt: adoptField(idOf(skills)),
  acknowledge: acknowledgeField,
});
type Values = ValuesOf<typeof fields>;

/** The short form of a preview shows that files changed, and not which. */
function fileRemarks(before: Digests | undefined, after: Digests | undefined): PlanRemark[] {
  if (before === undefined || after === undefined || same(before, after)) {
    return [];
  }
  const members = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const signs = members.map((member) => {
    const [old, wanted] = [before, after].map((files) => (Object.hasOwn(files, member) ? files[member] : undefined));
    return old === wanted ? [] : [`${old === undefined ? "+" : wanted === undefined ? "-" : "~"} ${pathOf(member)}`];
  });
  const changed = signs.flat();
  return [planInfo("skill-files", `files: ${firstOf(changed, mostNamed)}`)];
}
const mostNamed = 20;

const packaged = z.looseObject({
  display_title: z.string().optional(),
  files: z.record(z.string(), z.unknown()).optional(),
});

/** The compiler asks for every argument here. */
const written: Readonly<Record<keyof QoderSkillArgs, true>> = {
  source: true,
  ignore: true,
  displayTitle: true,
  metadata: true,
  adopt: true,
  acknowledge: true,
};

/** "API reference: skills". */
export const skillKind: ResourceKind<Values> = {
  ...skills,
  reply: replyOf(fields, skillShape),
  fields,
  written: Object.keys(written),
  insteadOf: { path: 'write source: "..."', folder: 'write source: "..."', title: 'write displayTitle: "..."' },
  outputs: {
    description: { recorded: z.string(), read: ({ description }: Skill) => description },
    latestVersion: { recorded: z.string(), read: ({ latest_version: version }: Skill) => version },
    createdAt: commonOutputRows.createdAt,
    updatedAt: commonOutputRows.updatedAt,
  } satisfies OutputRows<Omit<SkillOutputs, keyof SkillInputs>>,
  naming: {
    isFree: true,
    // A skill without a title has the name of its package as title.
    identity(object) {
      const { display_title: title, files = {} } = packaged.safeParse(object).data ?? {};
      return title ?? Object.keys(files)[0]?.split("/")[0];
    },
  },
  upload,
  remarks: { change: ({ before, after }) => fileRemarks(before.files, after.files) },
  removal: { deletes: () => true },
};
