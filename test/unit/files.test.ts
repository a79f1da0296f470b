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
import { saveFile, textIn } from "../../command/files";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-write-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("saveFile writes the text and the mode, also if a killed process left a part", () => {
  const file = join(folder, "picture.svg");
  writeFileSync(file, "old");
  writeFileSync(`${file}.${process.pid}.part`, "half");
  saveFile(file, "new", 0o600);
  expect([readFileSync(file, "utf8"), lstatSync(file).mode & 0o777]).toEqual(["new", 0o600]);
  expect(readdirSync(folder)).toEqual(["picture.svg"]);
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
