import { randomUUID } from "node:crypto";
import type { Form } from "../../../provider/api/request";
import { at, entriesIn, idOf, type Lab, type Reply, statusText, Untried } from "../lab";
import { assumed, harmless, loses } from "../row";
import { keyRow, nameRow, second } from "./key";

/** A kind that an upload creates. The probe deletes its objects at the end. */
interface Uploads {
  readonly noun: "skill" | "file";
  form(lab: Lab): Form;
  /** The first object of each probe, which all rows share. */
  readonly first: WeakMap<Lab, Promise<Upload>>;
}

interface Upload {
  readonly id: string;
  readonly key: string;
  readonly path: readonly string[];
}

/** A skill of one file. */
function folderOf(lab: Lab, text: string): Form {
  const content = `---\nname: ${lab.name}\ndescription: Belongs to a probe\n---\n${text}\n`;
  return [{ name: "files", content, file: { name: `${lab.name}/SKILL.md`, type: "text/markdown" } }];
}

const skills: Uploads = {
  noun: "skill",
  form: (lab) => [...folderOf(lab, "One."), { name: "display_title", content: lab.name }],
  first: new WeakMap(),
};
const files: Uploads = {
  noun: "file",
  form: (lab) => [{ name: "file", content: "probe\n", file: { name: `${lab.name}.txt`, type: "text/plain" } }],
  first: new WeakMap(),
};

const send = (lab: Lab, { noun, form }: Uploads, key: string): Promise<Reply> =>
  lab.upload([`${noun}s`], form(lab), key);

async function made(lab: Lab, kind: Uploads): Promise<Upload> {
  const key = randomUUID();
  const reply = await send(lab, kind, key);
  const id = idOf(reply);
  if (id === undefined) {
    throw new Untried(`the service answered ${statusText(reply)} to the create of a ${kind.noun}`);
  }
  return { id, key, path: [`${kind.noun}s`, id] };
}

function own(lab: Lab, kind: Uploads): Promise<Upload> {
  const upload = kind.first.get(lab) ?? made(lab, kind);
  kind.first.set(lab, upload);
  return upload;
}

export const uploadRows = [
  ...[skills, files].flatMap((kind) => [
    keyRow(
      `${kind.noun}-key`,
      `a ${kind.noun}`,
      second(kind.noun, { idempotencyKeysElsewhere: "ignore" }),
      async (lab) => {
        const { id, key } = await own(lab, kind);
        return [id, await send(lab, kind, key)];
      },
    ),
    nameRow(kind.noun, { duplicateUploads: "conflict" }, async (lab) => {
      await own(lab, kind);
      await made(lab, kind);
    }),
  ]),
  assumed({
    name: "skill-newest",
    question: "Does a skill name its newest version, and show that version first?",
    yes: ["it does", "after a lost answer the files of this version say whether an upload arrived"],
    no: loses("it does not", "an `up` after a lost answer may not see an upload, and uploads the files once more", {
      remedy: "After a lost answer look at the versions of the skill at the console",
      turn: { latestVersion: "first" },
    }),
    async ask(lab) {
      const { path } = await own(lab, skills);
      const { body: added } = await lab.upload([...path, "versions"], folderOf(lab, "Two."));
      const [first] = entriesIn(await lab.get([...path, "versions"]));
      const { body } = await lab.get(path);
      const newest = added["version"];
      return newest !== undefined && body["latest_version"] === newest && at(first, "version") === newest;
    },
  }),
  assumed({
    name: "file-content",
    question: "May the account download the file that it has uploaded?",
    yes: ["it may", "`adopt` compares the contents, and `import` writes the file"],
    no: harmless("it may not", "`adopt` compares the sizes alone, and `import` says which file it could not write", {
      turn: { fileContentOfUploads: 403 },
    }),
    async ask(lab) {
      const { path } = await own(lab, files);
      const link = await lab.get([...path, "content"]);
      return link.status < 300 || statusText(link);
    },
  }),
];
