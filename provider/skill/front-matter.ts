import { excerpt } from "../api/foreign-text";

interface FrontMatter {
  /** Undefined if the name is missing or wrong. */
  readonly name: string | undefined;
  readonly problems: readonly string[];
  readonly warnings: readonly string[];
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
 * messages.
 */
export function readFrontMatter(bytes: Uint8Array, place: string): FrontMatter {
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
    return broken(`${place}:1: has no front matter; start it with the lines ---, name: ..., description: ..., ---`);
  }
  const yaml = lines.slice(1, end).join("\n");
  if (end === -1 || Buffer.byteLength(yaml) > largestBytes) {
    const what = end === -1 && beginning === text ? "no end" : `more than ${largestKb} kB`;
    return broken(`${place}:1: the front matter has ${what}; close it with a line of ---`);
  }
  return readYaml(yaml, place);
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

function broken(problem: string): FrontMatter {
  return { name: undefined, problems: [problem], warnings: [] };
}

function readYaml(text: string, place: string): FrontMatter {
  const { isMap, isScalar, LineCounter, parseDocument }: typeof import("yaml") = require("yaml");
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
  if (!isMap(document.contents)) {
    return broken(`${place}:1: the front matter is no list of names and values`);
  }
  const member = (name: string) => {
    const node = document.get(name, true);
    const where = at(isScalar(node) ? node.range?.[0] : undefined);
    return { where, value: isScalar(node) ? node.value : node };
  };
  const [name, description] = [member("name"), member("description")];
  const problem = nameProblem(name.value);
  return {
    name: problem === undefined ? String(name.value) : undefined,
    problems: problem === undefined ? [] : [`${name.where}: ${problem}`],
    warnings: [
      ...(problem === undefined && !openNameRule.test(String(name.value))
        ? [
            `${name.where}: other clients of Agent Skills take no name like "${name.value}", only lower-case letters and digits with single - between them`,
          ]
        : []),
      ...descriptionWarnings(description.value).map((warning) => `${description.where}: ${warning}`),
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
