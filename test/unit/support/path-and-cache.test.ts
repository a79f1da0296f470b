import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fromCache, installIntoCache } from "../../../tools/pulumi-cli/cache";
import { fileNames } from "../../../tools/pulumi-cli/installation";
import { fromPath } from "../../../tools/pulumi-cli/path";
import { TemporaryFolder } from "../../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

describe("pulumi on PATH", () => {
  test("is used if it is new enough and complete", async () => {
    const bin = standInCli(folder.path, "v3.300.0");
    const executable = join(bin, fileNames.pulumi);
    const found = { executable, folder: folder.path, version: "3.300.0", source: "path", searchPath: [bin] };
    await expect(fromPath(bin)).resolves.toEqual(found);
  });

  test.each(["v3.274.0", "v2.999.0", "v4.0.0"])("is skipped if its version is %s", async (version) => {
    await expect(fromPath(standInCli(folder.path, version))).rejects.toThrow(
      `version ${version.slice(1)}, and 3.274.1 or a later 3.x is needed`,
    );
  });

  test("is skipped if it cannot run Node.js programs", async () => {
    const bin = standInCli(folder.path, "v3.274.1", [fileNames.pulumi, fileNames.languageHost]);
    await expect(fromPath(bin)).rejects.toThrow(`has no ${fileNames.launcher} beside it or on PATH`);
  });

  test("may have its plugins elsewhere on PATH", async () => {
    const bin = standInCli(folder.path, "v3.274.1", [fileNames.pulumi]);
    const plugins = standInCli(folder.at("plugins"), "", [fileNames.languageHost, fileNames.launcher]);
    const cli = await fromPath([bin, plugins].join(delimiter));
    expect(cli.searchPath).toEqual([bin, plugins]);
  });

  test("may be a link, whose target is used", async () => {
    const bin = standInCli(folder.at("real"), "v3.274.1");
    const links = folder.at("links");
    mkdirSync(links);
    symlinkSync(join(bin, fileNames.pulumi), join(links, fileNames.pulumi));
    await expect(fromPath(links)).resolves.toMatchObject({ folder: folder.at("real"), searchPath: [bin] });
  });

  test("is skipped if it is the shim of a version manager that fails", async () => {
    const shims = standInCli(folder.path, "'the version manager needs its own settings' >&2; exit 1");
    await expect(fromPath(shims)).rejects.toThrow("the version manager needs its own settings");
  });

  test("may be missing, which is the reason that is given", async () => {
    await expect(fromPath(folder.path)).rejects.toThrow("there is none");
  });
});

describe("the cache", () => {
  const target = () => folder.at("pulumi-3.274.1");
  const fill = async (partial: string) => void standInCli(partial, "v3.274.1");

  test("is filled in one step: its folder.path does not exist while an installation runs", async () => {
    const install = async (partial: string) => {
      await fill(partial);
      expect(existsSync(target())).toBe(false);
    };
    const cli = await installIntoCache("go", install, target());
    expect(cli).toMatchObject({ folder: target(), source: "go" });
    await expect(fromCache(target())).resolves.toMatchObject({ folder: target(), source: "cache" });
    expect(readdirSync(folder.path)).toEqual(["pulumi-3.274.1"]);
  });

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

  test("loses the remains of a killed installation at the next installation", async () => {
    mkdirSync(`${target()}.partial-abc`);
    await installIntoCache("go", fill, target());
    expect(readdirSync(folder.path)).toEqual(["pulumi-3.274.1"]);
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
