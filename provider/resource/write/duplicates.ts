import type { QoderClient } from "../../api/client";
import { durationText } from "../../api/clock";
import { type QoderError, reasonOf } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import { withItsAge } from "../../api/object-list";
import { warning } from "../../api/remark";
import type { JsonObject, Listed } from "../../api/schema";
import { ageAt, creationTime, isAsYoungAs } from "../age";
import { liveAsRecorded } from "../arguments";
import type { CommandLists } from "../command-lists";
import { distinctionOf } from "../engine/advice";
import { askUntilSettled } from "../gone";
import { comparedIdentity, type ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { shownOutputs } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { changesBetween } from "./plan";

interface Sought {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly ownership: Ownership;
}

/** A live object that the lost create may have made. */
export interface Candidate {
  readonly object: Listed;
  /** True if the service's clock shows that it is not older than the create. */
  readonly isNew: boolean;
  /** True if it is new, and the service shows that it has the content of the create. */
  readonly isProved: boolean;
}

/** Whether the object was created after this time of this machine's clock; undefined if no time of the service shows that. */
export function isNewSince({ client }: Objects, { created_at: createdAt }: Listed, start: number): boolean | undefined {
  const age = ageAt(creationTime(createdAt), client.serviceNow());
  return age === undefined ? undefined : isAsYoungAs(age, client.now() - start);
}

/** The live objects that a create since this time may have made: they have its name, may be new, and no resource of the stack has them. */
export async function madeSince(
  objects: Objects,
  { body, ownership }: Sought,
  start: number,
): Promise<readonly Listed[]> {
  const { client, kind } = objects;
  const identity = comparedIdentity(kind, body);
  const found: Listed[] = [];
  for await (const entry of client.live(objects.list)) {
    const listed = objects.withHolder(entry);
    const isMeant = comparedIdentity(kind, listed) === identity && ownership.mayTake(listed.id);
    if (isMeant && isNewSince(objects, listed, start) !== false) {
      found.push(listed);
    }
  }
  return found;
}

/**
 * The objects that the lost create may have made, for a kind whose names are not unique: see `madeSince`, without those of another
 * content. Empty if none appears for as long as a service may hide a new object.
 */
export async function findNew(
  objects: Objects,
  sought: Sought,
  lost: QoderError,
  start: number,
): Promise<readonly Candidate[]> {
  const found = await askUntilSettled(objects.client, lost, async () => {
    const made = await madeSince(objects, sought, start);
    const candidates = await Promise.all(made.map((object) => candidateOf(objects, object, sought.wanted, start)));
    const fitting = candidates.filter((candidate) => candidate !== undefined);
    return fitting.length === 0 ? undefined : fitting;
  });
  return found ?? [];
}

async function candidateOf(
  objects: Objects,
  object: Listed,
  wanted: Properties,
  start: number,
): Promise<Candidate | undefined> {
  const reply = objects.readable(object);
  const isHeld = reply === undefined ? undefined : await objects.kind.upload?.holds(objects, reply, wanted);
  const isNew = isNewSince(objects, object, start) === true;
  return isHeld === false ? undefined : { object, isNew, isProved: isNew && isHeld === true };
}

/** What a lost create may have made, and the two ways to continue. Nothing acts on these objects: no fact proves who made them. */
export function waysOn(
  { client, kind }: Objects,
  [first, ...others]: readonly [Listed, ...Listed[]],
  { wanted }: Pick<Sought, "wanted">,
): string {
  const shown = [first, ...others].map((object) => shownWithAge(client, object)).join("; ");
  const adoption = others.length === 0 ? `set adopt: "${first.id}"` : "set adopt to the id of one";
  return `It may have made ${shown}. To keep it, ${adoption}; otherwise ${endOf(kind, wanted)} it, or choose another ${distinctionOf(kind)} if it is another's. Then run \`pulumi up\` again`;
}

function shownWithAge(client: QoderClient, object: Listed): string {
  const age = ageAt(creationTime(object.created_at), client.serviceNow());
  return age === undefined ? withItsAge(object) : `${excerpt(object.id, 100)}, created ${durationText(age)} ago`;
}

function endOf(kind: ResourceKind, wanted: Properties): string {
  return kind.deletes?.(wanted) === true ? "delete" : "archive";
}

/**
 * Warns before a create whose name the setting `pulumi:autonaming` drew: an interrupted `up` may have made this object under another
 * name, and neither the name nor the idempotency key leads to it.
 */
export async function warnOfOtherNames(
  objects: Objects,
  { wanted, ownership }: Pick<Sought, "wanted" | "ownership">,
  lists: CommandLists,
): Promise<void> {
  const { client, kind } = objects;
  const { argument: nameArgument = "name" } = kind.distinction ?? {};
  try {
    for (const entry of await lists.live(client, objects.list)) {
      const reply = objects.readable(entry);
      if (reply === undefined || !ownership.mayTake(reply.id)) {
        continue;
      }
      const live = { arguments: liveAsRecorded(kind, reply, wanted, undefined), outputs: shownOutputs(kind, reply) };
      if (changesBetween(kind, live, wanted).every(({ argument }) => argument === nameArgument)) {
        const text = `${shownWithAge(client, reply)}, differs from this ${kind.noun} only in the name, which pulumi:autonaming drew`;
        await client.remark(warning(`${text}. If an interrupted \`pulumi up\` made it, ${endOf(kind, wanted)} it`));
      }
    }
  } catch (error) {
    const text = `whether an interrupted \`pulumi up\` made this ${kind.noun} under another name is unknown`;
    await client.remark(warning(`${text}: ${reasonOf(error)}`));
  }
}
