import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { filesBelow } from "../../tools/mutants/test-files";

const repository = resolve(__dirname, "..", "..");
const page = readFileSync(join(repository, "docs/settings.md"), "utf8");
const files = ["provider", "command"].flatMap((folder) => filesBelow(folder, ".ts"));
const code = files.map((file) => readFileSync(join(repository, file), "utf8"));

/** The names that the pattern finds in the texts, without repetitions. */
function found(texts: readonly string[], pattern: RegExp): string[] {
  return [...new Set(texts.flatMap((text) => [...text.matchAll(pattern)].map(([, name = ""]) => name)))].sort();
}

/** The first columns of the tables of settings. */
const [settings = ""] = page.split("\n## ");
const named = [...settings.matchAll(/^\| (`.*?) \|/gm)].map(([, cell = ""]) => cell);

test("docs/settings.md has each `qoder:` key that the code reads, and no other key", () => {
  const read = found(code, /(?:"qoder:|\bread\("|\bconfig\.get(?:Boolean)?\(")(\w+)"/g);
  // `qoder:account` is the name of a QoderProvider, which no user sets.
  expect(found(named, /`qoder:(\w+)`/g)).toEqual(read.filter((key) => key !== "account"));
});

test("docs/settings.md has each environment variable that the code reads, and no other QODER_ variable", () => {
  const own = found(code, /"(QODER_\w*[A-Z])"/g);
  const others = found(code, /\b(?:environment\["|process\.env\.|process\.env\[")([A-Z]\w+)/g);
  const variables = found(named, /`([A-Z]\w+)`/g);
  expect(variables).toEqual(expect.arrayContaining([...own, ...others]));
  expect(variables.filter((name) => name.startsWith("QODER_"))).toEqual(own);
});

test("SECURITY.md names each host that the code sends requests to; all others in the code are pages to read", () => {
  const hosts = found(code, /((?:open)?api\.qoder\.(?:\w+\.)?\w+)/g);
  const security = readFileSync(join(repository, "SECURITY.md"), "utf8");
  expect(found([security], /`((?:open)?api\.qoder\.[\w.]+)`/g)).toEqual(hosts);
  const read = ["docs.qoder.com", "github.com", "www.pulumi.com", "www.w3.org"];
  const others = found(code, /https?:\/\/((?:\w+\.)+\w+)/g).filter((host) => !host.endsWith("example.com"));
  expect(others.filter((host) => !hosts.includes(host) && !read.includes(host))).toEqual([]);
});
