import { spawnSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveFile, textIn, whileLocked } from "../../provider/command/files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("saveFile writes the text and the mode, also if a killed process left a part", () => {
  const file = join(folder, "receipt.json");
  writeFileSync(file, "old");
  writeFileSync(`${file}.${process.pid}.part`, "half");
  saveFile(file, "new", 0o600);
  expect([readFileSync(file, "utf8"), lstatSync(file).mode & 0o777]).toEqual(["new", 0o600]);
  expect(readdirSync(folder)).toEqual(["receipt.json"]);
});

test("saveFile replaces a symbolic link, and keeps its target", () => {
  const [target, link] = [join(folder, "target"), join(folder, "link")];
  writeFileSync(target, "kept");
  symlinkSync(target, link);
  symlinkSync(target, `${link}.${process.pid}.part`);
  saveFile(link, "new", 0o600);
  expect([readFileSync(target, "utf8"), lstatSync(link).isSymbolicLink()]).toEqual(["kept", false]);
});

test("saveFile shows why a write failed, and leaves no part", () => {
  const file = join(folder, "taken");
  mkdirSync(file);
  expect(() => saveFile(file, "new", 0o600)).toThrow(/^.*taken cannot be written: .*\(EISDIR|ENOTEMPTY|EEXIST\)/);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("textIn reads a file without its byte-order mark", () => {
  const file = join(folder, "plan.json");
  writeFileSync(file, "\ufeff{}");
  expect(textIn(file)).toBe("{}");
});

test.each([
  ["a process that has ended", () => spawnSync(process.execPath, ["-e", ""]).pid],
  ["an earlier process with the same number", () => process.pid],
  ["nobody, because its text is damaged", () => "half"],
  ["nobody, because its text was never written", () => ""],
  ["nobody, because its text names a group of processes", () => "-1"],
])("whileLocked takes over the lock of %s, and removes its own", async (_, owner) => {
  const file = join(folder, "receipt.json");
  writeFileSync(`${file}.lock`, String(owner()));
  const during = await whileLocked(file, async () => readFileSync(`${file}.lock`, "utf8"));
  expect([during, readdirSync(folder)]).toEqual([String(process.pid), []]);
});

test.each([
  ["another process", () => writeFileSync(join(folder, "receipt.json.lock"), String(process.ppid)), process.ppid],
  ["this process", () => void whileLocked(join(folder, "receipt.json"), () => new Promise(() => {})), process.pid],
])("whileLocked refuses a file with which %s works, and keeps its lock", async (_, lock, owner) => {
  const file = join(folder, "receipt.json");
  lock();
  const work = jest.fn();
  await expect(whileLocked(file, work)).rejects.toThrow(
    `process ${owner} works with ${file}. Run the same command again`,
  );
  expect([work.mock.calls, readFileSync(`${file}.lock`, "utf8")]).toEqual([[], String(owner)]);
});

test("whileLocked removes its lock when the work fails", async () => {
  const file = join(folder, "receipt.json");
  await expect(whileLocked(file, () => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
  expect(readdirSync(folder)).toEqual([]);
});
