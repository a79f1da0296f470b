import { fileKind } from "../../provider/file/kind";
import { files } from "../../provider/kinds/table";
import { digestOf } from "../../provider/skill/digests";
import type { Properties } from "../support/provider";
import { acknowledge, adopt } from "./common";
import { kindRow } from "./kind-row";

/** The arguments that the program's side makes of a text. */
export function fileOf(content = "A deployment is an agent with a schedule.\n"): Properties {
  return { name: "daily", content, digest: digestOf(content) };
}

const never = () => {
  throw new Error("nobody archives a file");
};

export const file = kindRow(fileKind, files, {
  hasNoLookUp: true,
  renamed: "never",
  steps: [],
  least: fileOf(),
  rows: { adopt: { ...adopt, value: "file_x" }, acknowledge },
  replacing: {
    name: { value: "daily", others: ["nightly"] },
    metadata: { value: { team: "platform" }, others: [{ team: "data" }, undefined], same: [{ team: "platform" }] },
    expiresInSeconds: { value: 86_400, others: [3_600, undefined] },
  },
  ownTests: ["content", "digest"],
  console: ({ files }) => ({ ...files, live: files.all, archive: never }),
});
