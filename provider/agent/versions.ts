import { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import { collected, readList } from "../api/object-list";
import { pageSchema, readableMembers } from "../api/schema";
import { agents } from "../kinds/table";
import { changedLines } from "../resource/check/changed-lines";
import { declarable, declarableWithoutDefaults } from "../resource/compare/arguments";
import { changesBetween } from "../resource/compare/changes";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { Commented } from "../resource/kind/field";
import type { ProgramChange, ResourceKind } from "../resource/kind/kind";
import { containsUnknown, membersOf, type Properties, same } from "../resource/kind/program-values";
import { secretWord, withWordsForSecrets } from "../resource/state/hidden-texts";

/** A changed argument of an agent. */
export interface Change {
  readonly argument: string;
  /** Null for an argument that the version does not have. */
  readonly before: unknown;
  readonly after: unknown;
  /** The difference, a line each: `- ` before what is gone, `+ ` before what is new. */
  readonly lines: readonly string[];
}

/** The arguments in which two versions of an agent differ, in a form that a person may read. `marked`: those that hold secrets. */
export function changesOf(before: Properties, after: Properties, marked: readonly string[] = []): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const shown = withWordsForSecrets(before, after, { marked });
  return names.flatMap((argument) => {
    const [old = null, now = null] = [shown.before[argument], shown.after[argument]];
    const lines = changedLines(parts(old), parts(now));
    return same(before[argument] ?? null, after[argument] ?? null)
      ? []
      : [{ argument, before: old, after: now, lines: lines.length > 0 ? lines : [secretWord] }];
  });
}

const skill = z.looseObject({ skillId: z.string(), version: z.unknown().optional() });

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

const mostLines = 40;

/** The difference between two versions of an agent, in lines. No line shows a value of a `marked` argument. `kind`: the kind of agents. */
export function versionDifference(
  kind: ResourceKind,
  before: unknown,
  after: unknown,
  marked: readonly string[],
): string[] {
  const [old, now] = [readableMembers(kind.reply, before), readableMembers(kind.reply, after)];
  if ("problem" in old || "problem" in now) {
    return [old, now].flatMap((version) => ("problem" in version ? version.problem : []));
  }
  const changes = changesOf(declarable(kind, old.value), declarable(kind, now.value), marked);
  const lines = changes.flatMap(({ argument, lines: changed }) => [argument, ...changed.map((line) => `  ${line}`)]);
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `... ${more} more lines: \`npx pulumi-qoder versions\``] : lines;
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

/** A version of an agent as the service shows it. */
interface Snapshot {
  readonly version: number;
  readonly createdAt: string | null;
  readonly args: Properties;
}

const versioned = z.looseObject({ version: z.number(), updated_at: z.string().nullish().catch(undefined) });

/** "List versions of an agent": all snapshots have the id of the agent, and the cursors are version numbers. The highest version is first. */
export async function snapshotsOf(client: QoderClient, kind: ResourceKind, agent: string): Promise<Snapshot[]> {
  const path = [agents.collection, agent, "versions"];
  const shown = new Map<string, Snapshot>();
  const readPage = async (size: number, cursor: object) => {
    const query = { limit: String(size), ...cursor };
    const page = await client.read({ method: "GET", path, query, repeat: "safe" }, pageSchema);
    const data = page.data.map((entry) => {
      const response = kind.reply.safeParse(entry).data;
      const { version, updated_at: createdAt = null } = versioned.safeParse(entry).data ?? {};
      if (response?.id !== agent || version === undefined) {
        throw new QoderError(`GET /${path.join("/")} shows a version that is not as the API documents it`);
      }
      const id = String(version);
      shown.set(id, { version, createdAt, args: declarableWithoutDefaults(kind, response) });
      return { ...membersOf(entry), id };
    });
    return { ...page, data };
  };
  const list = { noun: "version", collection: "versions", idPrefix: "", parent: [agents.collection, agent] as const };
  const listed = await collected(readList(list, readPage, (milliseconds) => client.pause(milliseconds)));
  return listed.flatMap(({ id }) => shown.get(id) ?? []).sort((one, other) => other.version - one.version);
}

/**
 * Warns if the update would make a new version with the arguments of an older one, as after `git revert`: a deployment can
 * name the older version instead. `kind`: the kind of agents.
 */
export async function olderVersionWarnings(
  client: QoderClient,
  kind: ResourceKind,
  id: string,
  { before, after, inputs }: Omit<ProgramChange, "replaces">,
): Promise<PlanRemark[]> {
  const differs = (recorded: Properties) =>
    changesBetween(kind, { arguments: recorded, outputs: {} }, after).length > 0;
  if (containsUnknown(inputs) || !differs(before)) {
    return [];
  }
  try {
    const [newest, ...older] = await snapshotsOf(client, kind, id);
    const equal = older.find(({ args }) => !differs(args));
    return newest === undefined || equal === undefined || !differs(newest.args)
      ? []
      : [
          planWarning(
            "version",
            `equals version ${equal.version}, and this update makes version ${newest.version + 1} of it. To go back without a new version, keep the newer arguments and pin \`version: ${equal.version}\` in the deployments of this agent`,
          ),
        ];
  } catch (error) {
    if (error instanceof QoderError) {
      return [planWarning("verify", `the older versions are not compared: ${error.message}`)];
    }
    throw error;
  }
}
