import { isNotFound, reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import { requestLabel } from "../../api/transport";
import { withThose } from "../compare/arguments";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime } from "../kind/outputs";
import type { Properties } from "../kind/program-values";
import { actionRequest } from "../kind/requests";
import { untilVisible } from "../read/not-visible-yet";
import type { Objects } from "../read/objects";
import { settle } from "./settle";

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

/** Sends the change of status, unless the object has the wanted status already. */
export async function changeStatus(
  objects: Objects,
  id: string,
  action: string,
  createdAt: unknown,
): Promise<BaseReply> {
  const missing = (reply: BaseReply) => objects.kind.statusChange?.missing(action, reply);
  const { done, isOwn } = await settle(objects.client, () => objects.act(id, action, missing), {
    async look(client, failed) {
      const shown = objects.within(client);
      return isNotFound(failed)
        ? untilVisible(client, failed, () => shown.find(id), creationTime(createdAt))
        : shown.get(id);
    },
    isDone: (now): now is BaseReply => now !== undefined && now.archived_at == null && missing(now) === undefined,
    // The object was so new that the request did not see it.
    mayRepeat: (now, failed) => now !== undefined && isNotFound(failed),
    whether: `the ${action} of ${id} was done`,
  });
  return marked(objects, action, done, isOwn);
}

/** Writes or removes the mark of the status, which is no failure of the change itself. */
async function marked(objects: Objects, action: string, now: BaseReply, isChanged: boolean): Promise<BaseReply> {
  const { client, kind } = objects;
  const mark = kind.statusChange?.mark?.(action, now, isChanged, client.serviceNow() ?? client.now());
  return mark === undefined
    ? now
    : objects.update(now.id, mark).catch(async (error: unknown) => {
        const text = "did not take the mark by which `pulumi-qoder resume` knows whether a program stops it";
        await client.remark(warning(`${text}: ${reasonOf(error)}`));
        return now;
      });
}
