import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { createServer } from "node:net";
import { basename, join, relative } from "node:path";
import { digestOf } from "../../../provider/skill/digests";
import { readFolder, readSkillFolder } from "../../../provider/skill/folder";
import { reviewFiles, SkillFolders, skillMd } from "../../support/skill-folder";

let folders: SkillFolders;
beforeEach(() => {
  folders = new SkillFolders();
  // A folder outside of the project causes a warning.
  jest.spyOn(process, "cwd").mockReturnValue(folders.root);
});
afterEach(() => {
  jest.restoreAllMocks();
  folders.remove();
});

const remarksOf = (source: string) => readSkillFolder(source, undefined).read.remarks.map(({ text }) => text);
const problemsOf = (source: unknown, ignored?: unknown) => readSkillFolder(source, ignored).read.problems;

test("reading a folder gives the name in its SKILL.md, and a digest of each file with its executable bit", () => {
  const source = folders.write("review", reviewFiles);
  expect(readSkillFolder(source, undefined)).toEqual({
    name: "review",
    files: {
      "SKILL.md": digestOf(skillMd("review")),
      "./__init__.py": digestOf(""),
      "scripts/run.sh": `${digestOf("#!/bin/sh\necho reviewed\n")} executable`,
    },
    read: { path: source, problems: [], remarks: [] },
  });
});

test("reading a folder gives the same digests whatever the order and the dates of its files", () => {
  const one = folders.write("one/review", reviewFiles);
  const other = folders.write("other/review", Object.fromEntries(Object.entries(reviewFiles).reverse()), new Date(0));
  expect(readSkillFolder(other, undefined).files).toEqual(readSkillFolder(one, undefined).files);
});

test("reading a folder leaves out traces of tools, and files that match a pattern of `ignore`", () => {
  const traces = [".git/config", "scripts/__pycache__/a.pyc", "node_modules/a/index.js", ".DS_Store", "Thumbs.db"];
  const others = [...traces, "notes/draft.txt", "notes/Draft.TXT"].map((path) => [path, ""]);
  const source = folders.write("review", { ...reviewFiles, ...Object.fromEntries(others) });
  const { files } = readSkillFolder(source, ["*.txt"]);
  expect(Object.keys(files ?? {}).sort()).toEqual(["./__init__.py", "SKILL.md", "notes/Draft.TXT", "scripts/run.sh"]);
});

test.each([
  ...[".GIT/config", "a/b/.Git/hooks/pre-commit", ".git", "a/.gIt", "git~1/config", "GIT~1", ".git /config"],
  ...[".git./config", ".git:$INDEX/config", ".g\u200cit/config", "\u2060.git/config", ".g\u0131t/config"],
  ...["Node_Modules/a.js", "a/__PYCACHE__/a.pyc", "THUMBS.DB"],
])("reading a folder leaves out %j, which some file system takes for the trace of a tool", (path) => {
  const source = folders.write("review", { ...reviewFiles, [path]: "" });
  expect(Object.keys(readSkillFolder(source, undefined).files ?? {})).toHaveLength(Object.keys(reviewFiles).length);
});

test("one warning names the files of a folder that probably contain secrets, and what each looks like", () => {
  const source = folders.write("review", {
    ...reviewFiles,
    ".env": "MODE=fast",
    ".env.example": "TOKEN=",
    ".npmrc": "//registry.npmjs.org/:_authToken=0123-4567-89ab",
    "keys/id_rsa": "anything",
    "keys/id_rsa.pub": "ssh-rsa AAAA",
    "keys/cert.pem": "-----BEGIN CERTIFICATE-----\nMIIEpAIBAAKCAQEA\n-----END CERTIFICATE-----",
    "keys/key.pem": "-----BEGIN PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END PRIVATE KEY-----",
    "scripts/clone.sh": "git clone https://ghp_abcdefghijklmnopqrstuvwxyz0123456789@github.com/a/b",
  });
  const [warning, ...others] = remarksOf(source);
  expect(others).toEqual([]);
  for (const text of [
    `${source}/.env is a file for secrets`,
    `${source}/.npmrc contains what looks like a token for a registry`,
    `${source}/keys/id_rsa is a file for secrets`,
    `${source}/keys/key.pem contains what looks like a private key`,
    `${source}/scripts/clone.sh contains what looks like a GitHub token`,
    "take it out of the folder or name it in ignore",
  ]) {
    expect(warning).toContain(text);
  }
  expect(warning).not.toMatch(/example|pub|cert|abcdef|0123/);
  expect(readSkillFolder(source, [".env", ".npmrc", "keys", "clone.sh"]).read.remarks).toEqual([]);
});

test.each([".github/x", ".gitignore", "git", "git~2", "x.git", "modules"])(
  "reading a folder takes %s along",
  (path) => {
    const source = folders.write("review", { ...reviewFiles, [path]: "" });
    expect(readSkillFolder(source, undefined).files).toHaveProperty([path]);
  },
);

test("symbolic links and a socket are errors that name them, unless `ignore` names them", async () => {
  const source = folders.write("review", reviewFiles);
  symlinkSync("/etc/passwd", join(source, "scripts", "secrets"));
  symlinkSync("..", join(source, "loop"));
  const server = createServer();
  await new Promise<void>((listening) => server.listen(join(source, "socket"), listening));
  expect(problemsOf(source)).toEqual([
    expect.stringContaining(`source: ${source}/loop: is a symbolic link`),
    expect.stringContaining(`source: ${source}/scripts/secrets: is a symbolic link`),
    expect.stringContaining(`source: ${source}/socket: is a socket`),
  ]);
  expect(problemsOf(source, ["/loop", "secrets", "socket"])).toEqual([]);
  await new Promise((closed) => server.close(closed));
});

test.each<[string, string, string]>([
  ["no front matter", "# Review\n", "review/SKILL.md:1: has no front matter"],
  ["no end", "---\nname: review\n", "review/SKILL.md:1: the front matter has no end"],
  ["a byte order mark", `\ufeff${skillMd("review")}`, "review/SKILL.md:1: starts with a byte order mark"],
  ["broken YAML", "---\nname: review\ndescription: a: b\n---\n", "review/SKILL.md:3: "],
  ["two names", "---\nname: review\ndescription: a\nname: other\n---\n", "review/SKILL.md:4: "],
  ["a list", "---\n- name\n---\n", "review/SKILL.md:1: the front matter is not a list of names and values"],
  ["no name", "---\ndescription: a\n---\n", "review/SKILL.md:1: name is missing"],
  ["more than 64 kB", skillMd("review", "a".repeat(66_000)), "review/SKILL.md:1: the front matter has more than 64 kB"],
  ["many brackets", skillMd("review", "[".repeat(20_000)), "review/SKILL.md:3: the values are nested too deep"],
  ["many mistakes", skillMd("review", '"'.repeat(999)), "review/SKILL.md:3: Unexpected double-quoted-scalar"],
  ["a number", "---\ndescription: a\nname: 12\n---\n", "review/SKILL.md:3: name is not a text"],
  ["65 characters", skillMd("a".repeat(65)), "review/SKILL.md:2: name must be 1 to 64 lower-case letters"],
])("the error about a SKILL.md with %s names the file and the line", (_, text, problem) => {
  folders.write("review", { "SKILL.md": text });
  const problems = problemsOf("review");
  expect(problems).toEqual([expect.stringContaining(`source: ${problem}`)]);
  expect(problems[0]?.length).toBeLessThan(300);
});

test("a front matter of almost 64 kB is read, whatever follows it", () => {
  const source = folders.write("review", {
    "SKILL.md": `${skillMd("review", "a".repeat(65_000))}${"x".repeat(999_999)}`,
  });
  expect(problemsOf(source)).toEqual([]);
});

test.each<[string, string, string]>([
  ["a low line", skillMd("review_it"), ":2: other clients of Agent Skills take no name"],
  ["no description", "---\nname: review\n---\n", ":1: description is missing"],
  ["a long description", skillMd("review", "a".repeat(1_025)), ":3: description has more than 1024 characters"],
])("a SKILL.md with %s, which only the open format refuses, causes a warning", (_, text, warning) => {
  const source = folders.write(/name: (.*)/.exec(text)?.[1] ?? "", { "SKILL.md": text });
  expect(problemsOf(source)).toEqual([]);
  expect(remarksOf(source)).toEqual([expect.stringContaining(warning)]);
});

test("front matter may have Windows line ends and a description over several lines", () => {
  const text = "---\r\nname: review\r\ndescription: >-\r\n  How we\r\n  review\r\n---\r\nGo\r\n";
  const source = folders.write("review", { "SKILL.md": text });
  expect(readSkillFolder(source, undefined)).toMatchObject({ name: "review", read: { problems: [], remarks: [] } });
});

test("a remark reports a folder whose name differs from the name of the skill", () => {
  const source = folders.write("code-review", reviewFiles);
  expect(remarksOf(source)).toEqual([
    'source: the folder code-review is uploaded as "review", the name in its SKILL.md',
  ]);
});

test("a folder outside of the project causes a warning, and a relative path starts where the program runs", () => {
  const project = join(folders.root, "project");
  mkdirSync(project);
  folders.write("review", reviewFiles);
  jest.spyOn(process, "cwd").mockReturnValue(project);
  expect(remarksOf("../review")).toEqual([
    "source: ../review is outside of the project, so another checkout of the project may lack it",
  ]);
  expect(basename(relative(project, readSkillFolder("../review", undefined).read.path))).toBe("review");
});

test("a source is refused if it is no folder, is empty, has no SKILL.md or has more than 50 MB", () => {
  expect(problemsOf("nowhere")).toEqual([`source: nowhere is not a folder in ${folders.root}`]);
  mkdirSync(join(folders.root, "empty"));
  expect(problemsOf("empty")).toEqual(["source: empty holds no file"]);
  folders.write("wrong", { "skill.md": skillMd("wrong") });
  expect(problemsOf("wrong")).toEqual([
    expect.stringContaining("source: wrong has no SKILL.md; skill.md does not count"),
  ]);
  folders.write("large", { "SKILL.md": skillMd("large"), "film.mp4": Buffer.alloc(50 * 1024 * 1024) });
  expect(problemsOf("large")).toEqual([
    "source: large has 50.01 MB; the API takes up to 50 MB; the largest file is film.mp4 with 50 MB",
  ]);
  rmSync(join(folders.root, "large"), { recursive: true });
});

test("a source that cannot be read is an error with the reason of the system and the path", () => {
  symlinkSync("loop", join(folders.root, "loop"));
  expect(problemsOf("loop")).toEqual([
    `source: cannot be read: ELOOP: too many symbolic links encountered, stat '${join(folders.root, "loop")}'`,
  ]);
});

test.each([
  [undefined, undefined, "source: is missing"],
  [12, undefined, "source: is not a text"],
  ["review", "*.txt", "ignore: is not a list"],
])("the check refuses the source %j with the patterns %j: %s", (source, ignored, problem) => {
  expect(problemsOf(source, ignored)).toEqual([expect.stringContaining(problem)]);
});

test.each([
  [{ name: "review" }, "name: is not an argument of a QoderSkill; write the name in the front matter of SKILL.md"],
  [{ files: {} }, "files: is not an argument of a QoderSkill; source names the folder that has them"],
])("the arguments %j are refused, because the folder decides them", (more, problem) => {
  const source = folders.write("review", reviewFiles);
  expect(readFolder({ source, ...more }, folders.root).read.problems).toEqual([problem]);
});
