import { execFile, execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { startServer } from "./local-server";

const repository = resolve(__dirname, "..", "..");

interface Packed {
  readonly size: number;
  readonly files: readonly { readonly path: string }[];
}

/** The built package, as `npm publish` would send it. */
function packed(folder = "."): Packed {
  const isWindows = process.platform === "win32";
  const args = ["pack", folder, "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const options = { cwd: repository, encoding: "utf8", shell: isWindows } as const;
  const text = execFileSync(isWindows ? "npm.cmd" : "npm", args, options);
  // npm 11 prints a list, npm 12 an object by name.
  const answer: Packed[] | Record<string, Packed> = JSON.parse(text);
  const [only] = Object.values(answer);
  if (only === undefined) {
    throw new Error(`npm pack told of no package: ${text}`);
  }
  return only;
}

test("the package of the mock has its code, its types, and the licence of its own and of what it copies", () => {
  const paths = packed("./stand-in").files.map(({ path }) => path);
  const needed = ["LICENSE", "README.md", "dist/LICENSES", "dist/index.d.ts", "dist/index.js", "package.json"];
  expect(paths.toSorted()).toEqual(needed);
  const [own, ofMock] = ["", "stand-in"].map((folder) => readFileSync(join(repository, folder, "LICENSE"), "utf8"));
  expect(ofMock).toBe(own);
});

test("the package has less than 405 kB, and holds the expected files only", () => {
  const { size, files } = packed();
  const paths = files.map(({ path }) => path);
  expect(size).toBeLessThan(405_000);
  const plugin = ["main.js", "pulumi-resource-qoder", "pulumi-resource-qoder.cmd", "schema.json"];
  const built = ["command/main", "index", "look-ups", "plugin-server", "dynamic-provider", "schedules"];
  const needed = [
    ...["CHANGELOG.md", "LICENSE", "README.md", "SECURITY.md", "package.json", "dist/LICENSES", "stand-in/README.md"],
    ...["dist/index.d.ts", "dist/dynamic-provider.d.ts", ...built.map((name) => `dist/${name}.js`)],
    ...plugin.map((name) => `plugin/${name}`),
  ];
  expect(paths).toEqual(expect.arrayContaining(needed));
  // The shared code, whose name depends on its content; the pages with their pictures, except those of the Pulumi Registry; the examples.
  const expected =
    /^dist\/shared-\w+\.js$|^docs\/(reference\/)?(?!_index|installation-)[\w-]+\.md$|^docs\/pictures\/(?!logo)[\w-]+\.svg$|^examples\/(?!.*node_modules)/;
  expect(paths.filter((path) => !needed.includes(path) && !expected.test(path))).toEqual([]);
});

test("each relative link of a page in the package leads to a file or a folder of the package", () => {
  const paths = packed().files.map(({ path }) => path);
  const isThere = (to: string) => paths.some((path) => path === to || path.startsWith(`${to}/`));
  const dead = paths
    .filter((path) => path.endsWith(".md"))
    .flatMap((path) => {
      const text = readFileSync(join(repository, path), "utf8").replaceAll(/^```[\s\S]*?^```/gm, "");
      return [...text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/g)]
        .map(([, to = ""]) => join(path, "..", to).replace(/\/$/, ""))
        .filter((to) => !isThere(to))
        .map((to) => `${path}: ${to}`);
    });
  expect(dead).toEqual([]);
});

test("the copy of zod in the package has English messages only, and `status` shows its message about a wrong reply", async () => {
  const dist = join(repository, "dist");
  const texts = packed().files.map(({ path }) => readFileSync(join(repository, path), "utf8"));
  expect(texts.filter((text) => /Ungültige Eingabe|Entrada inválida|无效输入/.test(text))).toEqual([]);
  const server = await startServer((_, response) => response.end('{ "id": "dep_1", "status": 7 }'));
  try {
    const status = promisify(execFile)(process.execPath, [join(dist, "command", "main.js"), "status", "dep_1"], {
      env: { ...process.env, QODER_PAT: "pt-test", QODER_BASE_URL: server.url },
    });
    const wrong = "status is not as the API documents it: Invalid input: expected string, received number";
    await expect(status).rejects.toMatchObject({ stderr: expect.stringContaining(wrong) });
  } finally {
    await server.close();
  }
});

test("the package has no script that npm runs, or lists, at an installation", () => {
  // npm 11 lists `prepare` of a package from a file, although it does not run the script.
  const { scripts }: { scripts: object } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  const atInstall = ["preinstall", "install", "postinstall", "preprepare", "prepare", "postprepare"];
  expect(Object.keys(scripts).filter((name) => atInstall.includes(name))).toEqual([]);
});
