import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { EngineWorld, repository } from "../../test/support/engine-world";
import { calendarPicture } from "./calendar";
import { shownInDocuments } from "./scenes";
import { terminalSvg } from "./svg";
import { withTranscript } from "./transcripts";

// `npm run pictures` runs the real CLI, and writes its output into the pictures and the transcripts of the documents.
async function main(): Promise<void> {
  writeFileSync(join(repository, "docs", "pictures", "calendar.svg"), await calendarPicture());
  const world = await EngineWorld.start();
  try {
    const { pictures, transcripts } = await shownInDocuments(world);
    for (const [name, { title, shown }] of Object.entries(pictures)) {
      writeFileSync(join(repository, "docs", "pictures", name), terminalSvg(title, shown));
    }
    for (const [file, ofFile] of Object.entries(transcripts)) {
      const path = join(repository, file);
      const text = Object.entries(ofFile).reduce(
        (content, [name, transcript]) => withTranscript(file, content, name, transcript),
        readFileSync(path, "utf8"),
      );
      writeFileSync(path, text);
    }
  } finally {
    await world.stop();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
