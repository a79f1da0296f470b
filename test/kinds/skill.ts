import { skills } from "../../provider/kinds/table";
import { readSkillFolder } from "../../provider/skill/folder";
import { skillKind } from "../../provider/skill/kind";
import type { Properties } from "../support/provider";
import { type FolderFiles, SkillFolders, skillMd } from "../support/skill-folder";
import { acknowledge, adopt } from "./common";
import { kindRow } from "./kind-row";

const folders = new SkillFolders();
process.once("exit", () => folders.remove());
let written = 0;

/** The arguments that the program's side makes of a new folder with these files. */
export function skillOf(files: FolderFiles = { "SKILL.md": skillMd("daily") }): Properties {
  written += 1;
  const folder = folders.write(`${written}/daily`, files);
  const { name, files: digests, read } = readSkillFolder(folder, undefined);
  return { name, files: digests, __command: { source: { ...read, remarks: [] } } };
}

/** The folder of these arguments. */
export function folderOf({ __command }: Properties): string {
  return Object(__command).source.path;
}

const never = () => {
  throw new Error("nobody archives a skill");
};

export const skill = kindRow(skillKind, skills, {
  hasNoLookUp: true,
  renamed: (title) => ({ display_title: title }),
  steps: [],
  least: skillOf(),
  rows: { adopt: { ...adopt, value: "skill_x" }, acknowledge },
  replacing: {
    displayTitle: { value: "Daily", others: ["Nightly", undefined] },
    metadata: { value: { team: "platform" }, others: [{ team: "data" }, undefined], same: [{ team: "platform" }] },
  },
  ownTests: ["name", "files"],
  console: ({ skills }) => ({ ...skills, live: skills.all, archive: never }),
});
