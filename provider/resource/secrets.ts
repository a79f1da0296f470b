import { mayHaveActed } from "../api/errors";
import { warning } from "../api/remark";
import { isLastUnreadable, waitAfter } from "../api/retry";
import type { JsonObject } from "../api/schema";
import { creationTime, distinctAgeMs } from "./age";
import type { Change, Patch } from "./changes";
import { shownPart } from "./fields/field";
import { wireName } from "./fields/wire-case";
import { argumentNames, type PriorState, type ResourceKind } from "./kind";
import { askUntilConsistent, outlast } from "./not-found";
import type { Objects } from "./objects";
import { type BaseReply, shownOutputs } from "./outputs";
import { type Properties, same } from "./program-values";

/** A value of the state, and the one of the program. */
export type StateAndProgram = readonly [recorded: unknown, wanted: unknown];

/**
 * True if an update sends this secret: the program has another value than the state, or gives another version, with which it asks for
 * the same value again. No reply shows a secret, so a change at Qoder sends none. A token of `resources` is a part of a list, and a list that
 * differs in anything is sent as a whole.
 */
export function isSecretSent(secret: StateAndProgram, version: StateAndProgram): boolean {
  const [, asked] = version;
  return !same(...secret) || (asked !== undefined && !same(...version));
}

/** True if the body carries a secret. The service may use a secret at once and only once, as it does with a refresh token. */
export function carriesSecret({ fields }: ResourceKind, changes: readonly Change[]): boolean {
  return changes.some(({ argument, value }) => hasMember(value, (fields[argument]?.secretMembers ?? []).map(wireName)));
}

function hasMember(value: unknown, names: readonly string[]): boolean {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return members.some(([name, member]) => (names.includes(name) && member !== null) || hasMember(member, names));
}

/**
 * Sends an update that carries a secret. After a lost answer, sends it again only if a read proves that the service did nothing:
 * otherwise it would put a secret back that the service has used and replaced.
 */
export async function sendSecret(
  objects: Objects,
  { id, changes, applied: { outputs }, wanted }: Patch,
  body: JsonObject,
): Promise<BaseReply> {
  const { client, kind } = objects;
  // The time of this update then differs from the recorded one.
  await outlast(client, outputs["updatedAt"]);
  for (let tries = 1; ; tries += 1) {
    const start = client.now();
    try {
      return await objects.update(id, body, wanted, "only-if-refused");
    } catch (error) {
      if (!mayHaveActed(error) || !(await client.pause(waitAfter(tries)))) {
        throw error;
      }
      const seen: (boolean | undefined)[] = [];
      const done = await askUntilConsistent(client, error, async () => {
        const now = await objects.get(id).catch(() => Promise.reject(error));
        const since = (client.serviceNow() ?? Number.NaN) - (client.now() - start);
        seen.push(isUpdated(kind, outputs, now, since));
        return seen.at(-1) === true ? now : undefined;
      });
      if (done !== undefined) {
        const names = changes.map(({ argument }) => argument).filter((name) => kind.fields[name]?.secretMembers);
        await client.remark(warning(`${error.message}. ${countsAsSent(objects, id, names)}`));
        return done;
      }
      if (seen.at(-1) !== false || isLastUnreadable(error, tries)) {
        throw error;
      }
    }
  }
}

/**
 * True if somebody updated the object since the recorded update, and not before this time of the service; undefined if the reply does
 * not show the time of its last update.
 */
export function isUpdated(
  kind: ResourceKind,
  { updatedAt: recorded }: Properties,
  now: BaseReply,
  since?: number,
): boolean | undefined {
  const { updatedAt: live } = shownOutputs(kind, now);
  const at = creationTime(live);
  const isEarlier = at !== undefined && since !== undefined && at < since - distinctAgeMs;
  return at === undefined ? undefined : live !== recorded && !isEarlier;
}

/**
 * The recorded arguments with a secret that an open update may have carried to the service, so that the next one does not send it again.
 * Only an object that nobody has updated since the recorded time proves that none arrived. `isShown`: the service shows an update.
 */
export function arrivedSecrets(kind: ResourceKind, { arguments: recorded, outputs }: PriorState, now: BaseReply) {
  const updated = isUpdated(kind, outputs, now);
  const hasSecret = (name: string) => !same(shownPart(kind.fields[name] ?? {}, recorded[name]), recorded[name]);
  const carried = argumentNames(kind).filter((name) => kind.fields[name]?.secretMembers !== undefined);
  return { held: updated === false ? [] : carried.filter(hasSecret), isShown: updated === true };
}

/** `isShown`: the service shows that somebody updated the object. */
export function countsAsSent({ kind }: Objects, id: string, names: readonly string[], isShown: boolean = true): string {
  const [resentBy = "them"] = names.flatMap((name) => kind.fields[name]?.resentBy ?? []);
  const [fact, doubt] = isShown
    ? [`${id} was updated since then`, "another person made that update"]
    : [`the service does not show whether ${id} was updated since then`, "it was not"];
  return `${fact}, so the secrets of ${names.join(" and ")} may have arrived and are not sent again. If ${doubt}, change ${resentBy}`;
}
