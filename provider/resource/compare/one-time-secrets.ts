import { QoderError } from "../../api/errors";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import { type Properties, same } from "../kind/program-values";
import { wireName } from "../kind/wire-case";
import type { Change } from "./changes";

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

/**
 * The arguments of which the changes carry a secret that the service uses once and replaces, as it does with a refresh token. A second
 * request with the same value would put a dead secret back.
 */
export function usedOnce({ fields }: ResourceKind, changes: readonly Change[]): string[] {
  return changes
    .filter(({ argument, value }) => hasMember(value, (fields[argument]?.usedOnce ?? []).map(wireName)))
    .map(({ argument }) => argument);
}

function hasMember(value: unknown, names: readonly string[]): boolean {
  const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return members.some(([name, member]) => (names.includes(name) && member !== null) || hasMember(member, names));
}

/**
 * The arguments of which no look decides whether their secrets go out: the program asks for them in any case, with another version than
 * the one of the request that is open.
 */
export function askedForInAnyCase(
  { fields }: ResourceKind,
  { arguments: recorded, open = {} }: PriorState,
  wanted: Properties,
  names: readonly string[],
): string[] {
  return names.filter((name) => {
    const { resentBy = "" } = fields[name] ?? {};
    const version = wanted[resentBy];
    return open[name] !== undefined && version !== undefined && !same(recorded[resentBy], version);
  });
}

/** True if somebody updated the object since the recorded update. */
export function isUpdatedSince(kind: ResourceKind, { outputs }: PriorState, now: BaseReply): boolean {
  return !same(shownOutputs(kind, now)["updatedAt"], outputs["updatedAt"]);
}

/** Nothing was sent: the look before a request with a secret that works once, or with files, showed a later update. */
export function updatedMeanwhile({ fields }: ResourceKind, id: string, names: readonly string[]): QoderError {
  const versions = names.flatMap((name) => fields[name]?.resentBy ?? []);
  const inAnyCase = versions.map((version) => `, or change ${version}, which sends them in any case`).join("");
  return new QoderError(
    `${id} was updated after the last update that the state knows, perhaps by an interrupted \`pulumi up\`, so ${names.join(" and ")} may have arrived already, and nothing was sent.\nRun \`pulumi refresh\` and then \`pulumi up\` again${inAnyCase}`,
  );
}
