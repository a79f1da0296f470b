import { nameInUrn } from "../../provider/kinds/table";
import { isPause, isRemarkKind } from "../../provider/resource/plan-remark";
import { same, withWordsForUnknown } from "../../provider/resource/program-values";
import { unknownWord } from "../../provider/resource/request-lines";
import type { Preview } from "../preview";
import { jsonText, printable } from "../words";

type Step = Preview["steps"][number];

/**
 * What `pulumi up` would undo, and each pause that the program does not declare, from a preview with `--refresh`: the resource, then
 * the value at Qoder and the value of the program.
 */
export function differencesIn({ steps, diagnostics }: Preview): string[] {
  const pauses = diagnostics.flatMap(({ message }) => {
    const [line = ""] = message.split("\n");
    const [, kind] = /\[([\w-]+)\]$/.exec(line) ?? [];
    return isRemarkKind(kind) && isPause({ kind }) ? [line.replace(/^(info|warning): /, "")] : [];
  });
  // The pauses come first, because the command shortens a long list at its end.
  return [...new Set(pauses), ...steps.flatMap(linesOf)].map(printable);
}

/** The errors of a preview that failed, each once. */
export function errorsIn({ diagnostics }: Preview): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const all = errors.flatMap(({ message }) => message.split("\n"));
  return [...new Set(all.filter((line) => line.trim() !== "").map(printable))];
}

/** A replacement also has a step for each of its parts, and a step that only reads or forgets changes nothing (`StepOp` of the engine). */
const silent = /^(same|refresh|read|discard)|-(replacement|replaced?)$/;

function linesOf({ op, urn, oldState, newState, diffReasons = [] }: Step): string[] {
  if (silent.test(op)) {
    return [];
  }
  const type = urn.split("::")[2]?.split(":").at(-1);
  const title = `${nameInUrn(urn)} (${type}): pulumi up would ${op} it`;
  if (oldState === undefined || newState === undefined) {
    return [title];
  }
  const found = leaves("", oldState.inputs ?? {}, newState.inputs ?? {});
  // The preview hides secrets, and what only the service knows is no input.
  const hidden = diffReasons.filter((member) => !found.some(([path]) => path.split(/[.[]/)[0] === member));
  return [
    title,
    ...found.map(([path, live, wanted]) => `  ${path}: ${text(live)} => ${text(wanted)}`),
    ...hidden.map((member) => `  ${member} differs; the values are secret or belong to Qoder`),
  ];
}

/** In the place of a secret; the other value may be the same one, which was no secret before (`MassageSecrets` of the CLI). */
const secret = "[secret]";

/** The leaves of two values that differ, each with its path. */
function leaves(
  path: string,
  live: unknown,
  wanted: unknown,
): (readonly [path: string, live: unknown, wanted: unknown])[] {
  if (!isOpen(live) || !isOpen(wanted) || Array.isArray(live) !== Array.isArray(wanted)) {
    return same(live, wanted) || [live, wanted].includes(secret) ? [] : [[path, live, wanted]];
  }
  return [...new Set([...Object.keys(live), ...Object.keys(wanted)])].flatMap((key) => {
    const member = Array.isArray(live) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    // Two underscores begin what only the provider reads.
    return key.startsWith("__") ? [] : leaves(member, Reflect.get(live, key), Reflect.get(wanted, key));
  });
}

function isOpen(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

const longestValue = 300;

function text(value: unknown): string {
  const json = value === undefined ? "nothing" : withWordsForUnknown(jsonText(value), unknownWord);
  return json.length > longestValue ? `${json.slice(0, longestValue)}...` : json;
}
