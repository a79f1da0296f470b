import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

let clone: string;
const git = (...args: string[]) => execFileSync("git", args, { cwd: clone, encoding: "utf8" }).trim();
const write = (file: string, text: string, mode = 0o644) => writeFileSync(join(clone, file), text, { mode });
const release = (...args: string[]) => {
  const { status, stdout, stderr } = spawnSync("bash", [".ci/release", ...args], { cwd: clone, encoding: "utf8" });
  return { status, said: `${stdout}${stderr}`.trim() };
};
const commit = () => {
  git("add", "--all");
  git("commit", "--quiet", "--message", "Change");
};
const committed = (file: string, text: string, mode?: number) => () => {
  write(file, text, mode);
  commit();
};
const described = { name: "it", version: "0.1.0", repository: "github:acme/it" };
const json = (content: object) => `${JSON.stringify(content, null, 2)}\n`;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), "pulumi-qoder-release-"));
  mkdirSync(join(clone, ".ci"));
  mkdirSync(join(clone, "test", "plugin", "states"), { recursive: true });
  cpSync(resolve(__dirname, "..", "..", ".ci", "release"), join(clone, ".ci", "release"));
  write(".ci/run", "#!/bin/sh\nexit 0\n", 0o755);
  write("package.json", json(described));
  write("package-lock.json", json({ ...described, lockfileVersion: 3, packages: { "": described } }));
  mkdirSync(join(clone, "stand-in"));
  write("stand-in/package.json", json({ name: "it-stand-in", version: "0.1.0", files: ["dist"] }));
  write("CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- It.\n");
  write("test/plugin/states/0.2.0.json", "{}\n");
  git("init", "--quiet", "--initial-branch", "main");
  git("config", "user.name", "a test");
  git("config", "user.email", "test@example.com");
  git("config", "commit.gpgsign", "false");
  git("config", "tag.gpgsign", "false");
  commit();
});
afterEach(() => rmSync(clone, { recursive: true, force: true }));

test("a release of a clean tree writes the version of both packages and a dated part of the changelog, and makes a commit and a tag", () => {
  expect(release("0.2.0")).toEqual({ status: 0, said: "Tagged v0.2.0. To publish it: git push --follow-tags" });
  expect(JSON.parse(readFileSync(join(clone, "package.json"), "utf8"))).toMatchObject({ version: "0.2.0" });
  expect(JSON.parse(readFileSync(join(clone, "stand-in", "package.json"), "utf8"))).toEqual({
    name: "it-stand-in",
    version: "0.2.0",
    files: ["dist"],
    repository: described.repository,
  });
  expect(readFileSync(join(clone, "CHANGELOG.md"), "utf8")).toMatch(
    /^# Changelog\n\n## \[Unreleased\]\n\n## \[0\.2\.0\] - \d{4}-\d\d-\d\d\n\n### Added\n\n- It\.\n$/,
  );
  expect(git("log", "-1", "--format=%s")).toBe("Release 0.2.0");
  expect(git("describe", "--exact-match")).toBe("v0.2.0");
  expect(git("status", "--porcelain")).toBe("");
});

test.each<[title: string, version: string, prepare: () => void, said: string]>([
  ["an uncommitted file", "0.2.0", () => write("a.txt", "a"), "the tree holds what is not committed; see git status"],
  ["an existing tag", "0.2.0", () => void git("tag", "v0.2.0"), "the tag v0.2.0 is there already"],
  [
    "a package.json without a repository",
    "0.2.0",
    committed("package.json", json({ name: "it", version: "0.1.0" })),
    "package.json names no repository, which the provenance of the package must match",
  ],
  [
    "a changelog without [Unreleased]",
    "0.2.0",
    committed("CHANGELOG.md", "# Changelog\n"),
    "CHANGELOG.md has no heading ## [Unreleased]",
  ],
  [
    "a version without a saved state",
    "0.3.0",
    () => {},
    'test/plugin/states/0.3.0.json is missing; set the version, then see "A release" in CONTRIBUTING.md',
  ],
  ["failing tests", "0.2.0", committed(".ci/run", "#!/bin/sh\nexit 1\n", 0o755), "the tests do not pass"],
  [
    "tests that change the tree",
    "0.2.0",
    committed(".ci/run", "#!/bin/sh\ntouch left\n", 0o755),
    "the tests changed the tree; see git status",
  ],
])("a release stops at %s, and changes neither the commit, the tags nor package.json", (_, version, prepare, said) => {
  prepare();
  const before = [git("rev-parse", "HEAD"), git("tag"), readFileSync(join(clone, "package.json"), "utf8")];
  expect(release(...[version].filter(Boolean))).toEqual({ status: 1, said: `No release: ${said}` });
  expect([git("rev-parse", "HEAD"), git("tag"), readFileSync(join(clone, "package.json"), "utf8")]).toEqual(before);
});

test("a dry run lists what the owner has to fill in, and what to register elsewhere, and changes nothing", () => {
  write("package.json", json({ name: "it", version: "0.1.0" }));
  const before = git("status", "--porcelain");
  const { status, said } = release("--dry-run");
  expect(status).toBe(1);
  expect(said).toMatch(
    /^Fill in:\n- package\.json: repository\. .*\n- package\.json: author, .*\n- plugin\/schema\.json, /,
  );
  expect(said).toContain('"schemaFile": "plugin/schema.json"');
  expect(git("status", "--porcelain")).toBe(before);
});
