import { invalid } from "./errors";
import type { FilePart, Form } from "./multipart";
import type { Switches } from "./switches";
import { unzip, type ZipEntry, ZipError, zip } from "./zip";

/** The content of an uploaded skill. */
export interface SkillPackage {
  readonly name: string;
  readonly description: string;
  readonly files: readonly ZipEntry[];
  /** The zip that a download answers with. */
  readonly archive: Buffer;
}

/** The largest package of "Create a skill version", packed and unpacked. */
const MAX_BYTES = 50 * 1024 * 1024;

const PARAM = "files";
const MANIFEST = "SKILL.md";
const ZIP_BEGINNING = "PK";

/** "Create a skill version": one part `files` with a zip, or one part `files` for each file. */
export function packageOf(form: Form, switches: Switches): SkillPackage {
  const parts = form.files.filter(({ part }) => part === "files");
  if (parts.length === 0) throw invalid("Missing required field: files", PARAM);
  const [only, ...others] = parts;
  const archive = only !== undefined && others.length === 0 && isZip(only) ? only.content : undefined;
  const files = archive === undefined ? treeOf(parts) : unpacked(archive);
  return checked(files, archive, switches);
}

function isZip({ content }: FilePart): boolean {
  return content.toString("latin1", 0, ZIP_BEGINNING.length) === ZIP_BEGINNING;
}

function unpacked(archive: Buffer): ZipEntry[] {
  if (archive.length > MAX_BYTES) throw tooLarge();
  try {
    return unzip(archive, MAX_BYTES);
  } catch (error) {
    if (error instanceof ZipError) throw invalid(`Invalid skill package: ${error.message}.`, PARAM);
    throw error;
  }
}

function treeOf(parts: readonly FilePart[]): ZipEntry[] {
  if (parts.reduce((size, { content }) => size + content.length, 0) > MAX_BYTES) throw tooLarge();
  return parts.map(({ filename, content }) => ({ path: filename, content }));
}

function tooLarge() {
  return invalid(`Invalid skill package: it must be at most ${MAX_BYTES} bytes.`, PARAM);
}

function checked(entries: readonly ZipEntry[], archive: Buffer | undefined, switches: Switches): SkillPackage {
  // An older page says that the service replaces `\` by `/`.
  const placed = entries.map(({ path, content }) => ({ path: path.replaceAll("\\", "/"), content }));
  for (const { path } of placed) refusePath(path);
  const [directory, ...others] = new Set(placed.map(({ path }) => path.split("/")[0]));
  if (directory === undefined || others.length > 0 || placed.some(({ path }) => path === directory)) {
    throw invalid("Invalid skill package: it must have exactly one top-level directory.", PARAM);
  }
  const files = placed.filter(({ path }) => !path.endsWith("/"));
  refuseFiles(files);
  const manifest = files.find(({ path }) => path === `${directory}/${MANIFEST}`);
  if (manifest === undefined) throw invalid(`Invalid skill package: ${directory}/${MANIFEST} is missing.`, PARAM);
  const { name, description } = manifestOf(manifest.content);
  if (name !== directory) {
    throw invalid(`Invalid skill package: the directory must be named like the skill, '${name}'.`, PARAM);
  }
  const isKept = archive !== undefined && switches.skillContent === "as-uploaded";
  return { name, description, files, archive: isKept ? archive : zip(files) };
}

function refusePath(path: string): void {
  const folders = path.replace(/\/$/, "").split("/");
  if (folders.some((folder) => folder === "" || folder === "." || folder === "..") || path.includes("\0")) {
    throw invalid(`Invalid skill package: the path '${path}' is not inside of it.`, PARAM);
  }
}

function refuseFiles(files: readonly ZipEntry[]): void {
  if (new Set(files.map(({ path }) => path)).size < files.length) {
    throw invalid("Invalid skill package: two files have one path.", PARAM);
  }
}

/** The names in "Skills: schemas". The open format of skills allows neither `_` nor two hyphens in a row. */
const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;

/** "Create a skill version": SKILL.md begins with the front matter that names and describes the skill. */
function manifestOf(content: Buffer): { name: string; description: string } {
  const [, frontMatter] = /^\uFEFF?---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|$)/s.exec(content.toString()) ?? [];
  if (frontMatter === undefined) throw invalid("Invalid SKILL.md: it must begin with front matter.", PARAM);
  const lines = frontMatter.split(/\r?\n/);
  const name = textOf(lines, "name");
  if (!NAME.test(name)) {
    throw invalid("Invalid SKILL.md: name must be 1-64 lower-case letters, digits, - or _.", PARAM);
  }
  const description = textOf(lines, "description");
  if (description === "") throw invalid("Invalid SKILL.md: description is missing.", PARAM);
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
