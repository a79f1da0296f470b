import { requestLabel } from "../../../provider/api/transport";
import { startLines } from "../../../provider/deployment-run/provider";
import { deploymentRuns } from "../../../provider/kinds/table";
import { argumentsIn } from "../../../provider/resource/compare/arguments";
import { removesFirst, replacedPlaces } from "../../../provider/resource/compare/replaced-places";
import type { ResourceKind } from "../../../provider/resource/kind/kind";
import { same } from "../../../provider/resource/kind/program-values";
import { getRequest } from "../../../provider/resource/kind/requests";
import { createSteps } from "../../../provider/resource/write/create";
import { endSteps } from "../../../provider/resource/write/end";
import type { Step } from "../../../provider/resource/write/step";
import { updateSteps } from "../../../provider/resource/write/update";
import { kinds } from "../../../test/kinds";
import type { ArgumentRow, Change } from "../../../test/kinds/argument-row";
import { file, fileOf } from "../../../test/kinds/file";
import type { KindRow } from "../../../test/kinds/kind-row";
import { replacing } from "../../../test/kinds/replacing";
import { skill, skillOf } from "../../../test/kinds/skill";
import type { Properties } from "../../../test/support/provider";
import { skillMd } from "../../../test/support/skill-folder";

// The requests of each kind, from the steps that `up` takes and a preview shows.

const outputs: Properties = { version: 1 };

/** What a kind sends for a create, a refresh, an update, a replacement and its end. */
export function requestsOf(label: string): readonly string[] {
  return [
    "`qoder:showRequests` prints the requests of a program. A refresh reads [many objects from one page of a list](../drift.md#how-many-requests-a-refresh-sends).",
    ...kinds.filter((one) => one.label === label).flatMap(tablesOf),
  ];
}

/** Contents from files, which have no row in the table of kinds. */
const contents = [
  { kind: skill, place: "files", after: skillOf({ "SKILL.md": skillMd("daily", "How we report") }) },
  { kind: file, place: "content", after: fileOf("A run is one start of a deployment.\n") },
];

function tablesOf({ label, kind, least, rows, changes: others }: KindRow): string[] {
  const before: Properties = { ...("name" in rows ? { name: "daily" } : {}), ...least };
  const wanted = argumentsIn(kind, before);
  const create = createSteps(kind, wanted, { adopt: undefined, isReplacement: false }, undefined);
  const end = endText(kind, before);
  const changes = [...contents.map((one) => ({ ...one, before: {} })), ...replacing]
    .filter((one) => one.kind.label === label)
    .map(({ place, ...one }) => [place, { ...before, ...one.before }, { ...before, ...one.after }] as const);
  const switches = Object.entries(rows).flatMap(([name, { value }]) => (value === true ? [name] : []));
  const lines = [
    ["create", label === deploymentRuns.label ? inRow(startLines(wanted)) : textOf(kind, create, before)],
    ["refresh", `\`${requestLabel(getRequest(kind, idOf(kind)))}\``],
    ...byTheirRequests(changes.map(([place, from, to]) => [place, changeText(kind, from, to)])),
    ["end", end === "" ? "nothing" : end],
    ...switches
      .map((name) => [`end with \`${name}: true\``, endText(kind, { ...before, [name]: true })])
      .filter(([, text]) => text !== end),
  ];
  return [tableOf(["", "requests"], lines), ...updatesOf(kind, before, Object.entries(rows), others)];
}

function changeText(kind: ResourceKind, from: Properties, to: Properties): string {
  const [recorded, wanted] = [argumentsIn(kind, from), argumentsIn(kind, to)];
  if (isInPlace(kind, from, to)) {
    return updateText(kind, from, to);
  }
  return removesFirst(kind, recorded, wanted) ? "end, then create" : "create, then end";
}

function isInPlace(kind: ResourceKind, from: Properties, to: Properties): boolean {
  return replacedPlaces(kind, argumentsIn(kind, from), argumentsIn(kind, to)).length === 0;
}

/** One line for all changes that send the same. */
function byTheirRequests(changes: readonly (readonly [place: string, text: string])[]): string[][] {
  return [...new Set(changes.map(([, text]) => text))].map((text) => {
    const places = changes.filter((one) => one[1] === text).map(([place]) => `\`${place}\``);
    return [`other ${places.join(", ")}`, text];
  });
}

/** A line for each argument: what an update with its value sends, and what one without it sends. */
function updatesOf(
  kind: ResourceKind,
  before: Properties,
  rows: [string, ArgumentRow][],
  changes: readonly Change[],
): string[] {
  const nothing = updateText(kind, before, before);
  const lines = rows.flatMap(([name, { value, needs, edited }]) => {
    const isSame = same(argumentsIn(kind, before)[name], argumentsIn(kind, { ...before, [name]: value })[name]);
    const without = { ...before, ...needs };
    const given = { ...without, [name]: isSame ? edited?.to : value };
    // The value of a row may replace the object: then another change of the argument shows an update in place. The kind's own are last.
    const others = changes
      .toReversed()
      .filter((one) => name in one.before && name in one.after)
      .map((one) => ({ from: { ...before, ...one.before }, to: { ...before, ...one.after } }));
    const own = { from: without, to: given };
    const { from, to } = [own, ...others].find((one) => isInPlace(kind, one.from, one.to)) ?? own;
    const [set, removed] = [updateText(kind, from, to), name in before ? "" : updateText(kind, given, without)];
    return [set, removed].every((text) => text === nothing)
      ? []
      : [[`\`${name}\``, set, removed === nothing ? "" : removed]];
  });
  return lines.length === 0 ? [] : [tableOf(["changed argument", "its value sends", "its removal sends"], lines)];
}

function tableOf(head: readonly string[], lines: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function updateText(kind: ResourceKind, from: Properties, to: Properties): string {
  return textOf(kind, updateSteps(kind, { arguments: argumentsIn(kind, from), outputs }, argumentsIn(kind, to)), to);
}

function endText(kind: ResourceKind, given: Properties): string {
  return textOf(kind, endSteps(kind, argumentsIn(kind, given)), given);
}

const idOf = ({ idPrefix, within }: ResourceKind) => `${within === undefined ? "" : "vault_.../"}${idPrefix}...`;

function textOf(kind: ResourceKind, steps: readonly Step[], given: Properties): string {
  const wanted = argumentsIn(kind, given);
  const context = {
    kind,
    id: idOf(kind),
    outputs,
    wanted,
    unknown: [],
    folder: undefined,
    before: {},
    secretArguments: [],
    texts: [],
  };
  return inRow(steps.flatMap((step) => step.lines(context)));
}

function inRow(lines: readonly string[]): string {
  return lines
    .map((line) => (/^(?:GET|POST|DELETE) /.test(line) ? `\`${line.replaceAll("|", "\\|")}\`` : line))
    .join("<br>");
}
