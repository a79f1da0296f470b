import type { Form } from "../../../provider/api/request";
import { at, entriesIn, idOf, type Lab, type Reply, statusText, Untried } from "../lab";
import { asked, expected, harmless, loses } from "../row";

/** A skill of one file. The probe deletes the skill at the end. */
function folderOf(lab: Lab, text: string): Form {
  const content = `---\nname: ${lab.name}\ndescription: Belongs to a probe\n---\n${text}\n`;
  return [{ name: "files", content, file: { name: `${lab.name}/SKILL.md`, type: "text/markdown" } }];
}

function madeBy(reply: Reply, what: string): string {
  const id = idOf(reply);
  if (id === undefined) {
    throw new Untried(`the service answered ${statusText(reply)} to the create of a ${what}`);
  }
  return id;
}

export const uploadRows = [
  asked({
    name: "skill-newest",
    question: "Does a skill name its newest version, and show that version first?",
    assumed: "yes",
    answers: {
      yes: expected("it does", "after a lost answer the files of this version say whether an upload arrived"),
      no: loses("it does not", "an `up` after a lost answer may not see an upload, and uploads the files once more", {
        remedy: "After a lost answer look at the versions of the skill at the console",
      }),
    },
    async ask(lab) {
      const title = { name: "display_title", content: lab.name };
      const id = madeBy(await lab.upload(["skills"], [...folderOf(lab, "One."), title]), "skill");
      const version = at((await lab.upload(["skills", id, "versions"], folderOf(lab, "Two."))).body, "version");
      const [first] = entriesIn(await lab.get(["skills", id, "versions"]));
      const { body } = await lab.get(["skills", id]);
      return version !== undefined && body["latest_version"] === version && at(first, "version") === version
        ? "yes"
        : "no";
    },
  }),
  asked({
    name: "file-content",
    question: "May the account download the file that it has uploaded?",
    assumed: "yes",
    answers: {
      yes: expected("it may", "`adopt` compares the contents, and `import` writes the file"),
      no: harmless("it may not", "`adopt` compares the sizes alone, and `import` says which file it could not write", {
        turn: { fileContentOfUploads: 403 },
      }),
    },
    async ask(lab) {
      const file = { name: `${lab.name}.txt`, type: "text/plain" };
      const id = madeBy(await lab.upload(["files"], [{ name: "file", content: "probe\n", file }]), "file");
      const link = await lab.get(["files", id, "content"]);
      return link.status < 300 ? "yes" : ["no", statusText(link)];
    },
  }),
];
