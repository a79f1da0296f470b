import { excerpt } from "../api/terminal-text";

interface SkillHeader {
  /** Undefined if the name is missing or wrong. */
  readonly name: string | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
}

interface FrontMatter {
  readonly names: readonly string[];
  /** The text after the front matter. */
  readonly body: string;
  value(name: string): unknown;
  /** The line of the member at this path, or of the nearest one around it: `agents/reporter.md:3`. */
  place(...path: readonly PropertyKey[]): string;
}

/** "API reference: skills, schemas". */
const nameRule = /^[a-z0-9][a-z0-9_-]{0,63}$/;
/** The open format (agentskills.io/specification), which other clients require. */
const openNameRule = /^[a-z0-9]+(-[a-z0-9]+)*$/;
const openDescriptionLength = 1_024;

/** A parser of YAML needs minutes for a text of some megabytes. */
const largestKb = 64;
const largestBytes = largestKb * 1024;
const longestMessage = 200;

/**
 * Reads the front matter: YAML between two lines of `---` at the start of the file. `place` is the name of the file in
 * messages. `start` is the beginning of a file, for the message about a missing one.
 */
export function frontMatterIn(
  bytes: Uint8Array,
  place: string,
  start: string,
): FrontMatter | { readonly problem: string } {
  const text = textOf(bytes);
  const beginning = text?.slice(0, largestBytes);
  const lines = beginning?.split(/\r?\n/) ?? [];
  const end = lines.findIndex((line, index) => index > 0 && isMark(line));
  if (text === undefined) {
    return broken(`${place}: is not UTF-8`);
  }
  if (text.startsWith("\ufeff")) {
    return broken(`${place}:1: starts with a byte order mark; save it as UTF-8 without one`);
  }
  if (!isMark(lines[0] ?? "")) {
    return broken(`${place}:1: has no front matter; start it with the lines ---, ${start}, ---`);
  }
  const yaml = lines.slice(1, end).join("\n");
  if (end === -1 || Buffer.byteLength(yaml) > largestBytes) {
    const what = end === -1 && beginning === text ? "no end" : `more than ${largestKb} kB`;
    return broken(`${place}:1: the front matter has ${what}; close it with a line of ---`);
  }
  const body = text.split(/\r?\n/).slice(end + 1);
  return readYaml(yaml, place, body.join("\n"));
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isMark(line: string): boolean {
  return line.trimEnd() === "---";
}

function broken(problem: string): { readonly problem: string } {
  return { problem };
}

function readYaml(text: string, place: string, body: string): FrontMatter | { readonly problem: string } {
  const { isMap, isNode, isScalar, LineCounter, parseDocument }: typeof import("yaml") = require("yaml");
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, prettyErrors: false });
  // The first line of the front matter is the second of the file.
  const at = (position: number | undefined) =>
    position === undefined ? `${place}:1` : `${place}:${lineCounter.linePos(position).line + 1}`;
  // The others often follow from the first one.
  const [error] = document.errors;
  if (error !== undefined) {
    const { message } = error;
    const reason = message.includes("call stack") ? "the values are nested too deep" : excerpt(message, longestMessage);
    return broken(`${at(error.pos[0])}: ${reason}`);
  }
  const { contents } = document;
  if (!isMap(contents)) {
    return broken(`${place}:1: the front matter is not a list of names and values`);
  }
  let values: unknown;
  try {
    // Throws for aliases that expand to an enormous value.
    values = document.toJS();
  } catch (failure) {
    return broken(`${place}:1: ${excerpt(String(failure), longestMessage)}`);
  }
  const nearest = (path: readonly PropertyKey[]): string => {
    const node = path.length === 0 ? undefined : document.getIn(path, true);
    return path.length === 0 || (isNode(node) && node.range != null)
      ? at(isNode(node) ? node.range?.[0] : undefined)
      : nearest(path.slice(0, -1));
  };
  return {
    names: contents.items.map(({ key }) => String(isScalar(key) ? key.value : key)),
    body,
    value: (name) => (typeof values === "object" && values !== null ? Reflect.get(values, name) : undefined),
    place: (...path) => nearest(path),
  };
}

export function readFrontMatter(bytes: Uint8Array, place: string): SkillHeader {
  const read = frontMatterIn(bytes, place, "name: ..., description: ...");
  if ("problem" in read) {
    return { name: undefined, problems: [read.problem], warnings: [] };
  }
  const name = read.value("name");
  const problem = nameProblem(name);
  return {
    name: problem === undefined ? String(name) : undefined,
    problems: problem === undefined ? [] : [`${read.place("name")}: ${problem}`],
    warnings: [
      ...(problem === undefined && !openNameRule.test(String(name))
        ? [
            `${read.place("name")}: other clients of Agent Skills take no name like "${name}", only lower-case letters and digits with single - between them`,
          ]
        : []),
      ...descriptionWarnings(read.value("description")).map((warning) => `${read.place("description")}: ${warning}`),
    ],
  };
}

function nameProblem(value: unknown): string | undefined {
  if (value === undefined || value === null || value === "") {
    return "name is missing in the front matter";
  }
  if (typeof value !== "string") {
    return "name is not a text; write it in quotes";
  }
  return nameRule.test(value)
    ? undefined
    : "name must be 1 to 64 lower-case letters, digits, - or _, and start with a letter or a digit";
}

function descriptionWarnings(value: unknown): string[] {
  if (typeof value !== "string" || value.trim() === "") {
    return ["description is missing in the front matter; by it an agent decides when to use the skill"];
  }
  return value.length > openDescriptionLength
    ? [`description has more than ${openDescriptionLength} characters, which other clients of Agent Skills refuse`]
    : [];
}
