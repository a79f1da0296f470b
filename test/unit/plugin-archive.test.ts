import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const repository = resolve(__dirname, "..", "..");

/** The archives in a folder of their own. */
function made(): string {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-archives-"));
  execFileSync(process.execPath, ["--import", "tsx", "plugin-archive.ts", folder], { cwd: repository });
  return folder;
}

test("the archives of the plugin are the same bytes each time, readable for every user, with the licences of what they bundle", () => {
  const folders = [made(), made()];
  try {
    const [first = [], second] = folders.map((folder) =>
      readdirSync(folder).map((name) => [name, readFileSync(join(folder, name)).toString("base64")] as const),
    );
    expect(first).toHaveLength(5);
    expect(first).toEqual(second);
    const [[name] = [""]] = first;
    const archive = join(folders[0] ?? "", name);
    const files = execFileSync("tar", ["-tzf", archive], { encoding: "utf8" }).trim().split("\n");
    expect(files).toEqual(expect.arrayContaining(["./LICENSE", "./LICENSES", "./main.js", "./schema.json"]));
    const modes = execFileSync("tar", ["-tvzf", archive], { encoding: "utf8" }).match(/^\S+/gm);
    expect(new Set(modes)).toEqual(new Set(["drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--"]));
    const licences = execFileSync("tar", ["-xzOf", archive, "./LICENSES"], { encoding: "utf8" });
    for (const bundled of ["@grpc/grpc-js", "google-protobuf", "undici", "yaml", "zod"]) {
      expect(licences).toContain(`node_modules/${bundled}\n`);
    }
    expect(licences).toMatch(/Apache License[\s\S]*Version 2\.0/);
  } finally {
    for (const folder of folders) {
      rmSync(folder, { recursive: true, force: true });
    }
  }
});
