import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { readContent } from "../../../provider/file/source";
import { whenKnown } from "../../../provider/program/inputs";
import { digestOf } from "../../../provider/skill/digests";
import { TemporaryFolder } from "../../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

beforeEach(() => jest.spyOn(process, "cwd").mockReturnValue(folder.path));
afterEach(() => jest.restoreAllMocks());

const read = (args: Readonly<Record<string, unknown>>) => readContent("glossary", args, whenKnown);

test("reading a source gives its digest and file name, and its content stays out of the arguments", () => {
  writeFileSync(folder.at("words.md"), "# Words\n");
  expect(read({ source: "words.md", metadata: { team: "docs" } })).toEqual({
    given: { digest: digestOf("# Words\n"), name: "words.md", metadata: { team: "docs" } },
    read: { path: folder.at("words.md"), problems: [], remarks: [] },
  });
});

test("reading a file with a secret in it warns, without the secret", () => {
  writeFileSync(folder.at("words.md"), "use ghp_abcdefghijklmnopqrstuvwxyz0123456789\n");
  expect(read({ source: "words.md" }).read.remarks).toEqual([
    {
      kind: "plain-secret",
      severity: "warning",
      text: "source: words.md contains what looks like a GitHub token. Each run with the file can read it: take it out, and give a secret in a QoderVaultCredential",
    },
  ]);
});

test("the argument content stays among the arguments, and the file has the name of the resource", () => {
  expect(read({ content: "# Words\n" }).given).toEqual({
    content: "# Words\n",
    digest: digestOf("# Words\n"),
    name: "glossary",
  });
});

describe("reading a file", () => {
  const mostBytes = 5 * 1024 * 1024;
  beforeEach(() => {
    mkdirSync(folder.at("docs"));
    writeFileSync(folder.at("picture.png"), Buffer.from([0x89, 0, 1]));
    writeFileSync(folder.at("large.txt"), "a".repeat(mostBytes + 1));
    writeFileSync(folder.at("largest.txt"), "a".repeat(mostBytes));
  });

  test.each([
    [{}, "source: is missing; or give content"],
    [{ source: "" }, "source: is missing; or give content"],
    [{ source: 7 }, "source: is not a text"],
    [{ source: "a.md", content: "b" }, "source: is given beside content; give one of the two"],
    [{ source: "none.md" }, "source: none.md is not a file in FOLDER"],
    [{ source: "docs" }, "source: docs is not a file in FOLDER"],
    [{ source: "picture.png" }, "source: picture.png has a NUL byte; the API takes text alone"],
    [{ source: "large.txt" }, "source: large.txt has 5.01 MB; the API takes up to 5 MB"],
  ])("refuses %j: %s", (args, problem) => {
    const { given, read: seen } = read(args);
    expect(seen.problems).toEqual([problem.replace("FOLDER", folder.path)]);
    expect(given.digest).toBeUndefined();
  });

  test("refuses a source that cannot be read, with the reason of the system and the path", () => {
    symlinkSync("loop.md", folder.at("loop.md"));
    const { given, read: seen } = read({ source: "loop.md" });
    expect(seen.problems).toEqual([
      `source: cannot be read: ELOOP: too many symbolic links encountered, stat '${folder.at("loop.md")}'`,
    ]);
    expect(given.digest).toBeUndefined();
  });

  test("takes a source of exactly 5 MB", () => {
    expect(read({ source: "largest.txt" }).read.problems).toEqual([]);
  });
});
