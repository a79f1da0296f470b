import { z } from "zod";
import { same } from "../resource/fields/comparison";
import type { Field } from "../resource/fields/field";
import type { BaseReply } from "../resource/outputs";
import type { Properties } from "../resource/program-values";
import { type Digests, pathOf } from "./digests";
import { type Skill, timeOfVersion } from "./reply";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}( executable)?$/, "is no digest of a file");

/**
 * The digests of the files. No reply shows them: of an upload by another person a reply shows only the number of the version,
 * and a refresh records this number in the inputs.
 */
export const filesField: Field<Digests> = {
  wire: "files",
  shownIn: "latest_version",
  leftOut: "refused",
  schema: z.record(z.string(), digest),
  recorded: z.record(z.string(), z.string()),
  change(applied, wanted, _outputs, { wanted: { name } }: { readonly wanted: Properties } = { wanted: {} }) {
    if (wanted === undefined || same(applied, wanted)) {
      return undefined;
    }
    // The paths in the package start with the name, so another name changes every path.
    return Object.fromEntries(Object.entries(wanted).map(([member, one]) => [`${name}/${pathOf(member)}`, one]));
  },
  read(reply: Skill, recorded, basis = "first look") {
    if (recorded === undefined || reply.latest_version === undefined || basis === "first look") {
      return recorded;
    }
    const isOurs = basis !== "proof" && same(basis.shown, versionOf(reply));
    return isOurs ? recorded : foreignFiles(reply);
  },
  rendition(reply: Skill) {
    return reply.latest_version === undefined ? undefined : { shown: versionOf(reply) };
  },
  describe: (_reply: BaseReply) => undefined,
  isForeign: (recorded) => recorded === undefined || !Object.values(recorded).every((one) => one.startsWith("sha256:")),
  meaning: {
    leftOut: "an error",
    removed: "an error",
    sameWhen: "same paths, contents and executable bits. A version that others upload is a difference",
  },
};

/** The number of the version in the form of the argument, because a baseline keeps arguments only. */
function versionOf({ latest_version: version }: Skill): Digests {
  return version == null ? {} : { version };
}

function foreignFiles({ latest_version: version }: Skill): Digests {
  if (version == null) {
    return { "(no version)": "all were deleted elsewhere" };
  }
  const time = timeOfVersion(version);
  return { [`(version ${version})`]: time === undefined ? "uploaded elsewhere" : `uploaded elsewhere at ${time}` };
}
