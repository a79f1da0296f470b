import { mayHaveActed, QoderApiError, QoderReplyError, reasonOf } from "../api/errors";
import { warning } from "../api/remark";
import { requestLabel } from "../api/transport";
import { ageAt, creationTime, eventuallyConsistentMs } from "./age";
import { withThose } from "./arguments";
import type { PriorState, ResourceKind } from "./kind";
import { findWhenConsistent } from "./not-found";
import type { Objects } from "./objects";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";
import { actionRequest } from "./requests";

// A status, such as `paused`, changes by a request of its own, after the one that creates or updates the object.

export interface StatusStep {
  readonly do: "status";
  readonly argument: string;
  /** The last part of the path of the request; undefined if a preview does not know the status yet. */
  readonly action: string | undefined;
}

/** `open`: the arguments that a preview does not know. */
export function statusSteps(
  { statusChange }: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  open: readonly string[],
): readonly StatusStep[] {
  if (statusChange === undefined) {
    return [];
  }
  const { argument } = statusChange;
  const isOpen = open.includes(argument);
  const action = isOpen ? undefined : statusChange.wanted(prior, wanted, prior.open?.[argument] !== undefined);
  return isOpen || action !== undefined ? [{ do: "status", argument, action }] : [];
}

export function statusLines(kind: ResourceKind, id: string, { argument, action }: StatusStep): readonly string[] {
  return action === undefined
    ? [`perhaps another request, because ${argument} is not known yet`]
    : [requestLabel(actionRequest(kind, id, action))];
}

/** The arguments right after a create: the create carries no status. */
export function asCreated({ statusChange }: ResourceKind, wanted: Properties): Properties {
  return { ...wanted, ...statusChange?.whenCreated };
}

/** The arguments right after an update, which carries no status either. */
export function withStatusOf({ statusChange }: ResourceKind, applied: Properties, wanted: Properties): Properties {
  return withThose(wanted, applied, statusChange === undefined ? [] : [statusChange.argument]);
}

/** After a 409 or an unusable answer, the live object shows whether it has the wanted status already. */
export async function changeStatus(
  objects: Objects,
  id: string,
  action: string,
  createdAt: unknown,
): Promise<BaseReply> {
  const missing = (reply: BaseReply) => objects.kind.statusChange?.missing(action, reply);
  try {
    const now = await objects.act(id, action, missing).catch(async (error: unknown) => {
      if (!(await isVisibleAfter(error, objects, id, creationTime(createdAt)))) {
        throw error;
      }
      return objects.act(id, action, missing);
    });
    return await marked(objects, action, now, true);
  } catch (error) {
    const isUnclear = error instanceof QoderApiError ? error.status === 409 : error instanceof QoderReplyError;
    const now = isUnclear
      ? await objects.get(id).catch((failed: unknown) => {
          throw mayHaveActed(error) ? error : failed;
        })
      : undefined;
    if (now !== undefined && now.archived_at == null && missing(now) === undefined) {
      return marked(objects, action, now, mayHaveActed(error));
    }
    throw error;
  }
}

/** Writes or removes the mark of the status, which is no failure of the change itself. */
async function marked(objects: Objects, action: string, now: BaseReply, isChanged: boolean): Promise<BaseReply> {
  const { client, kind } = objects;
  const mark = kind.statusChange?.mark?.(action, now, isChanged);
  return mark === undefined
    ? now
    : objects.update(now.id, mark).catch(async (error: unknown) => {
        const text = "did not take the mark by which `pulumi-qoder resume` knows whether a program stops it";
        await client.remark(warning(`${text}: ${reasonOf(error)}`));
        return now;
      });
}

/** "Errors": shortly after a create the service may answer 404. True if the object was that new, and the service shows it now. */
async function isVisibleAfter(error: unknown, objects: Objects, id: string, createdAt?: number): Promise<boolean> {
  const isNew =
    createdAt !== undefined && (ageAt(createdAt, objects.client.serviceNow()) ?? 0) < eventuallyConsistentMs;
  if (!isNew || !(error instanceof QoderApiError) || error.status !== 404) {
    return false;
  }
  const found = await findWhenConsistent(objects, id, createdAt).catch(() => undefined);
  return found !== undefined;
}
