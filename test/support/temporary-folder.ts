import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is new before each test of a file, and gone after it. */
export class TemporaryFolder {
  #path = "";

  static ofTests(): TemporaryFolder {
    const folder = new TemporaryFolder();
    beforeEach(() => {
      folder.#path = realpathSync(mkdtempSync(join(tmpdir(), "pulumi-qoder-test-")));
    });
    afterEach(() => rmSync(folder.#path, { recursive: true, force: true }));
    return folder;
  }

  get path(): string {
    if (this.#path === "") {
      throw new Error("the folder is new before the first test");
    }
    return this.#path;
  }

  /** The path of what this name, or these names one below the other, have in the folder. */
  at(...names: readonly string[]): string {
    return join(this.path, ...names);
  }
}
