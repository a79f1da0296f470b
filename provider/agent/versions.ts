import { z } from "zod";
import { changedLines } from "../resource/changed-lines";
import { same } from "../resource/fields/comparison";
import { Commented } from "../resource/fields/field";
import { fromWireCase } from "../resource/fields/members";
import { membersOf, type Properties, without } from "../resource/program-values";

/** A changed argument of an agent. */
export interface Change {
  readonly argument: string;
  /** Null for an argument that the version does not have. */
  readonly before: unknown;
  readonly after: unknown;
  /** The difference, a line each: `- ` before what is gone, `+ ` before what is new. */
  readonly lines: readonly string[];
}

/** The arguments in which two versions of an agent differ. */
export function changesOf(before: Properties, after: Properties): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names.flatMap((argument) => {
    const [old = null, now = null] = [before[argument], after[argument]];
    return same(old, now) ? [] : [{ argument, before: old, after: now, lines: changedLines(parts(old), parts(now)) }];
  });
}

const skill = z.looseObject({ skillId: z.string(), version: z.unknown() });

/** The parts of a value that change by themselves: the lines of a text, the elements of a list. */
function parts(value: unknown): string[] {
  if (value === null) {
    return [];
  }
  if (typeof value === "string") {
    return value.split("\n");
  }
  return Array.isArray(value) ? value.map(partText) : [JSON.stringify(value)];
}

function partText(element: unknown): string {
  const { skillId, version } = skill.safeParse(element).data ?? {};
  return skillId === undefined ? JSON.stringify(element) : `${skillId} ${version == null ? "newest" : String(version)}`;
}

/** The members of a version that no program writes. */
const ofService = ["id", "type", "version", "createdAt", "updatedAt", "archivedAt"];

const mostLines = 40;

/** The difference between two versions of an agent, in lines. No line shows the value of a `hidden` argument. */
export function versionDifference(before: unknown, after: unknown, hidden: ReadonlySet<string>): string[] {
  const changes = changesOf(argumentsOf(before), argumentsOf(after));
  const lines = changes.flatMap(({ argument, lines: changed }) =>
    hidden.has(argument) ? [`${argument}: [secret]`] : [argument, ...changed.map((line) => `  ${line}`)],
  );
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `... ${more} more lines: \`npx pulumi-qoder versions\``] : lines;
}

function argumentsOf(version: unknown): Properties {
  return without(membersOf(fromWireCase(version)), ofService);
}

/**
 * A reference to an agent at a version, with a comment if this is not the newest version. `moving` returns the text that a
 * program writes to move to the newest version.
 */
export function withNewest(
  reference: { readonly id: unknown; readonly version?: unknown },
  id: string,
  { version: newest }: Properties,
  moving: (called: string) => string,
): unknown {
  const { version } = reference;
  return typeof newest === "number" && typeof version === "number" && version < newest
    ? new Commented(
        reference,
        (called) => `The newest version of this agent is ${newest}; \`${moving(called(id))}\` would move to it.`,
      )
    : reference;
}
