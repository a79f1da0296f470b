import type { Json, JsonObject } from "./api/schema";
import type { Live } from "./arguments/field";
import { type ArgumentName, type Arguments, argumentNames, fields } from "./fields";

/** One argument that differs, and the member of the body that carries the difference. */
export interface Change {
  readonly argument: ArgumentName;
  readonly member: string;
  readonly value: Json;
}

/** What turns the applied arguments into the wanted ones; empty when they mean the same. */
export function changesBetween(applied: Partial<Arguments>, wanted: Partial<Arguments>, live: Live): Change[] {
  return argumentNames.flatMap((argument) => changeOf(argument, applied, wanted, live) ?? []);
}

function changeOf<Name extends ArgumentName>(
  argument: Name,
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
  live: Live,
): Change | undefined {
  const field = fields[argument];
  const value = field.change(applied[argument], wanted[argument], live);
  return value === undefined || field.wire === undefined ? undefined : { argument, member: field.wire, value };
}

/**
 * The merge-patch body. `diff` asks whether it is empty and `update` sends it, so what is shown as changed and what is
 * sent cannot disagree.
 */
export function patchBody(changes: readonly Change[]): JsonObject {
  const body: JsonObject = {};
  for (const { member, value } of changes) {
    // Two arguments share `metadata`: their keys go into one object.
    body[member] = isObject(body[member]) && isObject(value) ? { ...body[member], ...value } : value;
  }
  return body;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body that creates the deployment: the patch from nothing. */
export function createBody(wanted: Partial<Arguments>): JsonObject {
  return patchBody(changesBetween({}, wanted, {}));
}

/** The status change that the arguments ask for; the body of an update cannot carry it. */
export function pauseChange(
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
  live: Live,
): "pause" | "unpause" | undefined {
  // A pause by the service is not undone by a program that merely begins to say `paused: false`.
  const before = applied.paused ?? (wanted.paused === true ? live.paused !== undefined : live.paused === "by hand");
  if (wanted.paused === undefined || wanted.paused === before) {
    return undefined;
  }
  return wanted.paused ? "pause" : "unpause";
}
