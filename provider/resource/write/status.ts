import { isNotFound, reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import { requestLabel } from "../../api/transport";
import { withThose } from "../compare/arguments";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime } from "../kind/outputs";
import { wholeName } from "../kind/parts";
import { type Properties, without } from "../kind/program-values";
import { actionRequest } from "../kind/requests";
import { untilVisible } from "../read/not-visible-yet";
import type { Objects } from "../read/objects";
import { settle } from "./settle";
import type { UpdateStep } from "./step";

// A status, such as `paused`, changes by a request of its own, after the one that creates or updates the object.

/** `open`: the arguments that a preview does not know. */
export function statusSteps(
  { statusChange }: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  open: readonly string[],
): readonly UpdateStep[] {
  if (statusChange === undefined) {
    return [];
  }
  const { argument } = statusChange;
  if (open.includes(argument)) {
    return [statusStep(argument, undefined, prior)];
  }
  const action = statusChange.wanted(prior, wanted, prior.open?.[argument] !== undefined);
  return action === undefined ? [] : [statusStep(argument, action, prior)];
}

/** `action`: the last part of the path of the request; undefined if a preview does not know the status yet. */
function statusStep(argument: string, action: string | undefined, prior: PriorState): UpdateStep {
  return {
    carries: { [argument]: [wholeName] },
    lines: ({ kind, id }) =>
      action === undefined
        ? [`perhaps another request, because ${argument} is not known yet`]
        : [requestLabel(actionRequest(kind, id, action))],
    async take(objects, written) {
      const { object, open = {} } = written;
      const { createdAt } = prior.outputs;
      const reply = action === undefined ? {} : await changeStatus(objects, object.id, action, createdAt);
      return { ...written, object: { ...object, ...reply }, open: without(open, [argument]) };
    },
    left: ({ recorded, open }) => ({ recorded, open: { ...open, [argument]: [wholeName] } }),
  };
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
async function changeStatus(objects: Objects, id: string, action: string, createdAt: unknown): Promise<BaseReply> {
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
