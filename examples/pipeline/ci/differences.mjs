// Prints what a person must decide after `pulumi preview --refresh --json`: each resource that would change, with the value at
// Qoder and the value of the program, in at most 100 lines. If the preview failed, it prints the errors.
// Usage: node ci/differences.mjs PREVIEW.json ERRORS.txt
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { printable } from "./printable.mjs";

const mostLines = 100;
const longestValue = 300;
const [preview, errors] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));

/** The leaves of two values that differ, each with its path. */
function differences(path, live, wanted) {
  const isOpen = (value) => typeof value === "object" && value !== null;
  if (!isOpen(live) || !isOpen(wanted) || Array.isArray(live) !== Array.isArray(wanted)) {
    return isDeepStrictEqual(live, wanted) ? [] : [[path, live, wanted]];
  }
  return [...new Set([...Object.keys(live), ...Object.keys(wanted)])].flatMap((key) => {
    const member = Array.isArray(live) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    // Two underscores begin what only the provider reads.
    return key.startsWith("__") ? [] : differences(member, live[key], wanted[key]);
  });
}

function text(value) {
  const json = JSON.stringify(value) ?? "nothing";
  return json.length > longestValue ? `${json.slice(0, longestValue)}...` : json;
}

function linesOf({ op, urn, oldState, newState, diffReasons }) {
  const [, , type, name] = urn.split("::");
  const title = `${name} (${type.split(":").at(-1)}) would get: ${op}`;
  if (oldState === undefined || newState === undefined) {
    return [title];
  }
  const found = differences("", oldState.inputs ?? {}, newState.inputs ?? {});
  // A secret is not shown, and what only the service knows is no input.
  const hidden = (diffReasons ?? []).filter((member) => !found.some(([path]) => path.split(/[.[]/)[0] === member));
  return [
    title,
    ...found.map(([path, live, wanted]) => `  ${path}: ${text(live)} => ${text(wanted)}`),
    ...hidden.map((member) => `  ${member} differs; the values are secret or belong to Qoder`),
  ];
}

function read() {
  try {
    return JSON.parse(preview);
  } catch {
    return {};
  }
}

const { steps = [], diagnostics = [] } = read();
const changes = steps.filter(({ op }) => !["same", "refresh", "read"].includes(op)).flatMap(linesOf);
const failures = [
  ...diagnostics.filter(({ severity }) => severity === "error").map(({ message }) => message),
  errors,
].flatMap((message) => message.split("\n").filter((line) => line.trim() !== ""));
const isExpected = (line) => line === "error: no changes were expected for preview but changes were proposed";
const lines = [...changes, ...new Set(failures.filter((line) => !isExpected(line)))];
const shown = lines.length > mostLines ? lines.slice(0, mostLines - 1) : lines;
const left = lines.length - shown.length;
console.log(
  [
    ...shown.map(printable),
    ...(left === 0 ? [] : [`... and ${left} more lines: run pulumi preview --refresh --diff`]),
  ].join("\n"),
);
