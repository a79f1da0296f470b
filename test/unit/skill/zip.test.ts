import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import { unzipSync } from "fflate";
import { unzip } from "../../../provider/skill/download";
import { type PackedFile, zipOf } from "../../../provider/skill/zip";

const file = (path: string, text: string, isExecutable = false): PackedFile => {
  return { path, bytes: Buffer.from(text), isExecutable };
};
const numbers = Array.from({ length: 50_000 }, (_, number) => `${number}\n`).join("");
const files = [
  file("SKILL.md", "---\nname: a\n---\n"),
  file("scripts/run.sh", "echo", true),
  file("ä/ö.md", "x"),
  file("numbers.txt", numbers),
];

const sha = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** A literal: if another version of Node.js, the library or this package makes other bytes, the tests below fail. */
const known = "ce185a07073545b0ff8552a76c2027157d5f46781a73cae3bcc6cbb67270973e";

test("the order of the files does not change the zip", () => {
  fc.assert(
    fc.property(fc.shuffledSubarray(files, { minLength: files.length }), (shuffled) => {
      expect(sha(zipOf("a", shuffled))).toBe(known);
    }),
    { numRuns: 10 },
  );
});

test.each(["Pacific/Kiritimati", "America/Los_Angeles"])("the time zone %s does not change the zip", (TZ) => {
  const script = `
      const { zipOf } = require(${JSON.stringify(join(__dirname, "../../../provider/skill/zip.ts"))});
      const files = JSON.parse(require("node:fs").readFileSync(0, "utf8"));
      const zip = zipOf("a", files.map(({ text, ...file }) => ({ ...file, bytes: Buffer.from(text) })));
      console.log(require("node:crypto").createHash("sha256").update(zip).digest("hex"));`;
  const arguments_ = ["--require", "tsx/cjs", "-e", script];
  const input = JSON.stringify(files.map(({ bytes, ...one }) => ({ ...one, text: String(bytes) })));
  const text = execFileSync(process.execPath, arguments_, { env: { ...process.env, TZ }, encoding: "utf8", input });
  expect(text.trim()).toBe(known);
});

test("unpacking a package gives the files in one folder, with their executable bits", async () => {
  const packed = await unzip(zipOf("review", files));
  expect(packed.map(({ path, isExecutable }) => [path, isExecutable])).toEqual([
    ["review/SKILL.md", false],
    ["review/numbers.txt", false],
    ["review/scripts/run.sh", true],
    ["review/ä/ö.md", false],
  ]);
  // Another library reads the package, too.
  expect(Object.keys(unzipSync(zipOf("review", files)))).toEqual(packed.map(({ path }) => path));
});

test("packing and unpacking any files gives the same files", async () => {
  const contents = fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.uint8Array({ maxLength: 500 }));
  await fc.assert(
    fc.asyncProperty(contents, async (given) => {
      const entries = Object.entries(given).map(([path, bytes]) => ({ path, bytes, isExecutable: false }));
      const back = await unzip(zipOf("a", entries));
      const found = back.map(({ path, bytes }) => [path.slice(2), Buffer.from(bytes).toString("hex")]);
      const wanted = Object.entries(given).map(([path, bytes]) => [path, Buffer.from(bytes).toString("hex")]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
    }),
  );
});

test("unpacking a path of 30,000 folders makes no list of the folders, whose paths would be a gigabyte", async () => {
  const path = `${"b/".repeat(30_000)}c`;
  expect(await unzip(zipOf("a", [file(path, "x")]))).toMatchObject([{ path: `a/${path}` }]);
});

/** The zip with a text in place of another one of the same length. */
function altered(zip: Uint8Array, from: string, to: string): Uint8Array {
  return Buffer.from(Buffer.from(zip).toString("latin1").replaceAll(from, to), "latin1");
}

/** The zip with other bytes in the middle of its first file. */
const damaged = (zip: Uint8Array) => Buffer.from(zip).fill(0xff, 1_000, 1_100);

/** The zip with another byte at this place of its list of files (APPNOTE.TXT 4.3.12). */
function listed(zip: Uint8Array, place: number, value: number): Uint8Array {
  const bytes = Buffer.from(zip);
  bytes[bytes.indexOf(Buffer.from("PK\u0001\u0002", "latin1")) + place] = value;
  return bytes;
}

test.each<[string, Uint8Array, string]>([
  ["a path that leaves the folder", altered(zipOf("a", [file("bcd", "x")]), "a/bcd", "../bc"), "leaves its folder"],
  ["an absolute path", altered(zipOf("a", [file("b", "x")]), "a/b", "/ab"), "leaves its folder"],
  ["a drive of Windows", altered(zipOf("a", [file("bc", "x")]), "a/bc", "C:bc"), "leaves its folder"],
  ["a backslash", altered(zipOf("a", [file("bc", "x")]), "a/bc", "a\\bc"), "leaves its folder"],
  ["a symbolic link", altered(zipOf("a", [file("b", "x")]), "\u00a4\u0081", "\u00ed\u00a1"), "is a link"],
  ["a NUL", altered(zipOf("a", [file("bc", "x")]), "a/bc", "a/b\0"), "has an unusual spelling"],
  ["a name of 300 bytes", zipOf("a", [file("ä".repeat(150), "x")]), "with a name of more than 255 bytes"],
  ["a file twice", altered(zipOf("a", [file("b", "x"), file("c", "x")]), "a/c", "a/b"), 'has "a/b" twice'],
  ["a wrong checksum", listed(zipOf("a", [file("b", "xyz")]), 16, 0), "size and checksum"],
  ["a broken deflated file", damaged(zipOf("a", [file("b", numbers)])), "size and checksum"],
  ["an encrypted file", listed(zipOf("a", [file("b", "xyz")]), 8, 1), "size and checksum"],
  ["its second half missing", zipOf("a", [file("b", numbers)]).subarray(200), "is not a zip"],
  ["a broken end record", altered(zipOf("a", [file("b", "xyz")]), "PK\u0005\u0006", "PK\u0005\u0005"), "is not a zip"],
  ["HTML in place of a zip", Buffer.from("<html>"), "is not a zip"],
])("a package with %s is refused", async (_, zip, reason) => {
  await expect(unzip(zip)).rejects.toMatchObject({ name: "PackageError", message: expect.stringContaining(reason) });
});

test("unpacking refuses a zip bomb that declares its size, and one that declares a false size", async () => {
  const large = zipOf("a", [file("b", "x".repeat(51 * 1024 * 1024))]);
  await expect(unzip(large)).rejects.toThrow("unpacks to more than 50 MB");
  const lying = Buffer.from(large);
  for (const mark of ["PK\u0001\u0002", "PK\u0003\u0004"]) {
    const at = lying.indexOf(Buffer.from(mark, "latin1"));
    lying.writeUInt32LE(10, at + (mark.endsWith("\u0002") ? 24 : 22));
  }
  await expect(unzip(lying)).rejects.toThrow("does not unpack to its declared size");
});
