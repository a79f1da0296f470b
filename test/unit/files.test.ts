import { lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { saveFile, textIn } from "../../command/files";
import { TemporaryFolder } from "../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

test("saveFile writes the text and the mode, also if a killed process left a part", () => {
  const file = folder.at("picture.svg");
  writeFileSync(file, "old");
  writeFileSync(`${file}.${process.pid}.part`, "half");
  saveFile(file, "new", 0o600);
  expect([readFileSync(file, "utf8"), lstatSync(file).mode & 0o777]).toEqual(["new", 0o600]);
  expect(readdirSync(folder.path)).toEqual(["picture.svg"]);
});

test("saveFile replaces a symbolic link, and keeps its target", () => {
  const [target, link] = [folder.at("target"), folder.at("link")];
  writeFileSync(target, "kept");
  symlinkSync(target, link);
  symlinkSync(target, `${link}.${process.pid}.part`);
  saveFile(link, "new", 0o600);
  expect([readFileSync(target, "utf8"), lstatSync(link).isSymbolicLink()]).toEqual(["kept", false]);
});

test("saveFile shows why a write failed, and leaves no part", () => {
  const file = folder.at("taken");
  mkdirSync(file);
  expect(() => saveFile(file, "new", 0o600)).toThrow(/^.*taken cannot be written: .*\(EISDIR|ENOTEMPTY|EEXIST\)/);
  expect(readdirSync(folder.path)).toEqual(["taken"]);
});

test("textIn reads a file without its byte-order mark", () => {
  const file = folder.at("plan.json");
  writeFileSync(file, "\ufeff{}");
  expect(textIn(file)).toBe("{}");
});
