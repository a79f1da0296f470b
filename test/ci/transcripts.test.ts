import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { shownInDocuments } from "../../tools/pictures/scenes";
import { terminalSvg } from "../../tools/pictures/svg";
import { lasting, lastingPicture, transcriptIn, transcriptNamesIn } from "../../tools/pictures/transcripts";
import { EngineWorld, repository } from "../support/engine-world";

let world: EngineWorld;
beforeAll(async () => {
  world = await EngineWorld.start();
});
afterAll(() => world.stop());

const textOf = (...path: string[]) => readFileSync(join(repository, ...path), "utf8");
const documents = ["README.md", ...readdirSync(join(repository, "docs")).map((name) => join("docs", name))];

test("pictures and transcripts in the documents equal the output of the commands, without ids and dates; else `npm run pictures`", async () => {
  const { pictures, transcripts } = await shownInDocuments(world);
  for (const [name, { title, shown }] of Object.entries(pictures)) {
    expect(lastingPicture(textOf("docs", "pictures", name))).toBe(lastingPicture(terminalSvg(title, shown)));
  }
  for (const [file, ofFile] of Object.entries(transcripts)) {
    for (const [name, transcript] of Object.entries(ofFile)) {
      expect(lasting(transcriptIn(file, textOf(file), name))).toBe(lasting(transcript));
    }
  }
  const shown = Object.values(transcripts).flatMap((ofFile) => Object.keys(ofFile));
  const inDocuments = documents
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => transcriptNamesIn(textOf(name)));
  // test/unit/status/fleet.test.ts compares the transcript of status, because it needs the clock of the stand-in.
  expect(inDocuments.filter((name) => name !== "status").sort()).toEqual(shown.sort());
});
