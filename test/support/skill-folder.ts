import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** What a folder holds, by path; a name that ends in `*` is an executable. */
export type FolderFiles = Readonly<Record<string, string | Buffer>>;

export const skillMd = (name: string, description = "How we review") =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\nRead the diff first.\n`;

/** The files of a skill with a script, and with a file whose name starts as the engine's own members do. */
export const reviewFiles: FolderFiles = {
  "SKILL.md": skillMd("review"),
  "__init__.py": "",
  "scripts/run.sh*": "#!/bin/sh\necho reviewed\n",
};

/** Folders for one test, below one of the system. */
export class SkillFolders {
  readonly root = mkdtempSync(join(tmpdir(), "pulumi-qoder-skills-"));

  /** Writes them in this order; the folder is named like the skill unless it says otherwise. */
  write(folder: string, files: FolderFiles, time?: Date): string {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.root, folder, name.replace(/\*$/, ""));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, name.endsWith("*") ? 0o755 : 0o644);
      if (time !== undefined) {
        utimesSync(path, time, time);
      }
    }
    return join(this.root, folder);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
