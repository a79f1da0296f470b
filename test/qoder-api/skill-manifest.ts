import { invalid } from "./errors";
import { characters } from "./request-schemas";
import type { Switches } from "./switches";

const PARAM = "files";

/** The names in "Skills: schemas". The open format of skills allows neither `_` nor two hyphens in a row. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** "Create a skill version": SKILL.md begins with the front matter that names and describes the skill. */
export function manifestOf(content: Buffer, switches: Switches): { name: string; description: string } {
  const [, frontMatter] = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s.exec(content.toString()) ?? [];
  if (frontMatter === undefined) throw invalid("Invalid SKILL.md: it must begin with front matter.", PARAM);
  const lines = frontMatter.split(/\r?\n/);
  const name = textOf(lines, "name");
  if (!NAME.test(name)) {
    throw invalid("Invalid SKILL.md: name must be 1-64 lower-case letters, digits, - or _.", PARAM);
  }
  const description = textOf(lines, "description");
  const limit = switches.skillDescriptionLimit;
  if (description === "" || (limit !== undefined && characters(description) > limit)) {
    throw invalid("Invalid SKILL.md: description is missing or too long.", PARAM);
  }
  return { name, description };
}

/** The text of a key in the YAML of the front matter: plain, quoted or a block; empty without the key. */
function textOf(lines: readonly string[], key: string): string {
  const at = lines.findIndex((line) => line.startsWith(`${key}:`));
  if (at < 0) return "";
  const first = (lines[at] ?? "").slice(key.length + 1).trim();
  const rest = lines.slice(at + 1);
  const end = rest.findIndex((line) => /^\S/.test(line));
  const more = (end < 0 ? rest : rest.slice(0, end)).map((line) => line.trim());
  if (/^\|[+-]?$/.test(first)) return more.join("\n").trim();
  if (/^>[+-]?$/.test(first)) return more.join(" ").trim();
  return unquoted([first, ...more].join(" ").trim());
}

function unquoted(text: string): string {
  const [, double, single] = /^(?:"(.*)"|'(.*)')$/s.exec(text) ?? [];
  if (double !== undefined) return double.replaceAll('\\"', '"');
  return single?.replaceAll("''", "'") ?? text.replace(/\s#.*$/, "");
}
