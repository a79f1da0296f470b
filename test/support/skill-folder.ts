import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The files of a folder by their paths. A path that ends in `*` means an executable file. */
export type FolderFiles = Readonly<Record<string, string | Buffer>>;

export const skillMd = (name: string, description = "How we review") =>
  `---\nname: ${name}\ndescription: ${description}\n---\n\nRead the diff first.\n`;

/** The files of a skill with a script, and with a file whose name starts with `__`, as hidden members do. */
export const reviewFiles: FolderFiles = {
  "SKILL.md": skillMd("review"),
  "__init__.py": "",
  "scripts/run.sh*": "#!/bin/sh\necho reviewed\n",
};

/** The folders of one test, below a temporary folder. */
export class SkillFolders {
  readonly root = mkdtempSync(join(tmpdir(), "pulumi-qoder-skills-"));

  /** Writes the files in this order, and returns the path of the folder. */
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
