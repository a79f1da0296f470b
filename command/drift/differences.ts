import { counted } from "../../provider/api/clock";
import { idAlone } from "../../provider/deployment/agent";
import { agents, isDeploymentType, kindOfType, nameInUrn } from "../../provider/kinds/table";
import { isDiagnosticKind, isPause } from "../../provider/resource/kind/diagnostics";
import { same, withWordsForUnknown } from "../../provider/resource/kind/program-values";
import { readableValue } from "../../provider/resource/state/hidden-texts";
import { unknownWord } from "../../provider/resource/write/request-lines";
import type { Preview } from "../preview";
import { behindText } from "../status/differences";
import { jsonText, namesText, printable } from "../words";

type Step = Preview["steps"][number];

/**
 * What `pulumi up --refresh` would undo, each pause that the program does not declare, and what stays behind its agent, from a preview with
 * `--refresh`: the resource, then the value at Qoder and the value of the program.
 */
export function differencesIn({ steps, diagnostics }: Preview): string[] {
  const pauses = diagnostics.flatMap(({ message }) => {
    const [line = ""] = message.split("\n");
    const [, kind] = /\[([\w-]+)\]$/.exec(line) ?? [];
    return isDiagnosticKind(kind) && isPause({ kind }) ? [line.replace(/^(info|warning): /, "")] : [];
  });
  // The pauses come first, because the command shortens a long list at its end.
  return [...new Set(pauses), ...behindLines(steps), ...linesOf(steps)].map(printable);
}

/** The errors of a preview that failed, each once. */
export function errorsIn({ diagnostics }: Preview): string[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const all = errors.flatMap(({ message }) => message.split("\n"));
  return [...new Set(all.filter((line) => line.trim() !== "").map(printable))];
}

/** A replacement also has a step for each of its parts, and a step that only reads or forgets changes nothing (`StepOp` of the engine). */
const silent = /^(same|refresh|read|discard)|-(replacement|replaced?)$/;

type Leaf = readonly [path: string, live: unknown, wanted: unknown];

/** A resource that `pulumi up --refresh` would change. */
interface Change {
  readonly id: string | undefined;
  readonly name: string;
  readonly type: string;
  readonly op: string;
  readonly found: readonly Leaf[];
  readonly lines: readonly string[];
}

function changesIn(steps: readonly Step[]): Change[] {
  return steps.flatMap(({ op, urn, oldState, newState, diffReasons = [] }) => {
    if (silent.test(op)) {
      return [];
    }
    const [name, type = ""] = [nameInUrn(urn), urn.split("::")[2]?.split(":").at(-1)];
    const found =
      oldState === undefined || newState === undefined ? [] : leaves("", oldState.inputs ?? {}, newState.inputs ?? {});
    // The preview hides secrets, and what only the service knows is no input.
    const isShown = oldState !== undefined && newState !== undefined;
    const hidden = isShown
      ? diffReasons.filter((member) => !found.some(([path]) => path.split(/[.[]/)[0] === member))
      : [];
    const lines = [
      `${name} (${type}): pulumi up --refresh would ${op} it`,
      ...found.map(([path, live, wanted]) => `  ${path}: ${text(live, wanted)} => ${text(wanted, live)}`),
      ...hidden.map((member) => `  ${member} differs; the values are secret or belong to Qoder`),
    ];
    return [{ id: oldState?.id, name, type, op, found: hidden.length > 0 ? [] : found, lines }];
  });
}

/**
 * The change that this one follows: an update whose values all come from another resource of the preview, which their neighbours name, as
 * `agent.id` names the agent of `agent.version`.
 */
function followed({ op, found, id }: Change, live: Preview["steps"][number]["oldState"], changes: readonly Change[]) {
  const isFollowing = op === "update" && found.length > 0 && found.every(([, , wanted]) => isUnknown(wanted));
  const named = found.map(([path]) => Object.values(Object(valueAt(live?.inputs, path))));
  const causes = named.map((values) => changes.find((one) => one.id !== undefined && values.includes(one.id)));
  return isFollowing && causes.every((one) => one !== undefined && one.id !== id) ? causes[0] : undefined;
}

/** The object in which the value at this path is. */
function valueAt(inputs: unknown, path: string): unknown {
  const keys = path
    .replaceAll(/\[(\d+)\]/g, ".$1")
    .split(".")
    .slice(0, -1);
  return keys.reduce<unknown>((value, key) => (isOpen(value) ? Reflect.get(value, key) : undefined), inputs);
}

const isUnknown = (value: unknown) =>
  withWordsForUnknown(jsonText(value ?? null), unknownWord) === jsonText(unknownWord);

/** The lines of each change, and below it how many resources follow, also those that follow a follower. */
function linesOf(steps: readonly Step[]): string[] {
  const changes = changesIn(steps);
  const states = new Map(
    steps.flatMap(({ op, oldState }) =>
      silent.test(op) || oldState?.id === undefined ? [] : [[oldState.id, oldState]],
    ),
  );
  const causes = new Map(changes.map((one) => [one, followed(one, states.get(one.id ?? ""), changes)]));
  const followers = new Map<Change, Change[]>();
  for (const one of changes) {
    const seen = new Set([one]);
    let root = one;
    for (let next = causes.get(one); next !== undefined && !seen.has(next); next = causes.get(next)) {
      seen.add(next);
      root = next;
    }
    followers.set(root, [...(followers.get(root) ?? []), ...(root === one ? [] : [one])]);
  }
  return [...followers].flatMap(([{ lines }, all]) => [...lines, ...followersText(all)]);
}

function followersText(all: readonly Change[]): string[] {
  const types = [...new Set(all.map(({ type }) => type))];
  return types.map((type) => {
    const names = all.filter((one) => one.type === type).map(({ name }) => name);
    const what = counted(
      names.length,
      type.replace(/[A-Z]/g, (letter, at) => `${at > 0 ? " " : ""}${letter.toLowerCase()}`),
    );
    return `  ${what} ${names.length === 1 ? "follows" : "follow"}: ${namesText(names)}`;
  });
}

/** The deployments of this preview that run an older version than their agent has, because the program names its id alone. */
function behindLines(steps: readonly Step[]): string[] {
  const states = new Map(
    steps.flatMap(({ urn, oldState, newState }) => {
      const state = newState?.id === undefined ? oldState : { ...oldState, ...newState };
      return state === undefined ? [] : [[urn, state] as const];
    }),
  );
  const agentsById = new Map(
    [...states].flatMap(([urn, { id, type, outputs }]) =>
      kindOfType(type) === agents && id !== undefined
        ? [[id, { name: nameInUrn(urn), version: outputs?.["version"] }]]
        : [],
    ),
  );
  return [...states].flatMap(([urn, { type, inputs, outputs }]) => {
    const agent = isDeploymentType(type) ? idAlone(inputs?.["agent"]) : undefined;
    const [version, newest] = [outputs?.["agentVersion"], agentsById.get(agent ?? "")];
    return typeof version === "number" && typeof newest?.version === "number" && version < newest.version
      ? [
          `${nameInUrn(urn)} (Deployment) ${behindText({ agent: newest.name, version, newest: newest.version })}: the program names the agent by its id alone. Give the agent itself to follow, or { id, version } to stay`,
        ]
      : [];
  });
}

/** In the place of a secret; the other value may be the same one, which was no secret before (`MassageSecrets` of the CLI). */
const secret = "[secret]";

/** The leaves of two values that differ, each with its path. */
function leaves(path: string, live: unknown, wanted: unknown): Leaf[] {
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

function text(value: unknown, other: unknown): string {
  const shown = readableValue(value, [], other);
  const json = shown === undefined ? "nothing" : withWordsForUnknown(jsonText(shown), unknownWord);
  return json.length > longestValue ? `${json.slice(0, longestValue)}...` : json;
}
