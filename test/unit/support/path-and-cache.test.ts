import { chmodSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromCache, installIntoCache } from "../../../tools/pulumi-cli/cache";
import { fileNames } from "../../../tools/pulumi-cli/installation";
import { fromPath } from "../../../tools/pulumi-cli/path";
import { TemporaryFolder } from "../../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

describe("pulumi on PATH", () => {
  test.each(["v3.274.0", "v2.999.0", "v4.0.0"])("is skipped if its version is %s", async (version) => {
    await expect(fromPath(standInCli(folder.path, version))).rejects.toThrow(
      `version ${version.slice(1)}, and 3.274.1 or a later 3.x is needed`,
    );
  });

  test("is skipped if it cannot run Node.js programs", async () => {
    const bin = standInCli(folder.path, "v3.274.1", [fileNames.pulumi, fileNames.languageHost]);
    await expect(fromPath(bin)).rejects.toThrow(`has no ${fileNames.launcher} beside it or on PATH`);
  });

  test("may be a link, whose target is used", async () => {
    const bin = standInCli(folder.at("real"), "v3.274.1");
    const links = folder.at("links");
    mkdirSync(links);
    symlinkSync(join(bin, fileNames.pulumi), join(links, fileNames.pulumi));
    await expect(fromPath(links)).resolves.toMatchObject({ folder: folder.at("real"), searchPath: [bin] });
  });
});

describe("the cache", () => {
  const target = () => folder.at("pulumi-3.274.1");
  const fill = async (partial: string) => void standInCli(partial, "v3.274.1");

  test("stays unchanged if an installation fails or installs another version", async () => {
    const failing = installIntoCache("go", () => Promise.reject(new Error("no space left")), target());
    await expect(failing).rejects.toThrow("no space left");
    const wrong = installIntoCache("download", async (partial) => void standInCli(partial, "v3.275.0"), target());
    await expect(wrong).rejects.toThrow("is version 3.275.0, not 3.274.1");
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test("is not used if it is incomplete, and the next installation replaces it", async () => {
    standInCli(target(), "v3.274.1", [fileNames.pulumi]);
    await expect(fromCache(target())).rejects.toThrow(`${fileNames.languageHost} is missing`);
    await installIntoCache("go", fill, target());
    await expect(fromCache(target())).resolves.toMatchObject({ version: "3.274.1" });
  });
});

/** Makes an installation whose `pulumi` prints `version`, and returns its bin folder.path. */
function standInCli(place: string, version: string, names = Object.values(fileNames)): string {
  const bin = join(place, "bin");
  mkdirSync(bin, { recursive: true });
  for (const name of names) {
    writeFileSync(join(bin, name), `#!/bin/sh\necho ${version}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  return bin;
}
