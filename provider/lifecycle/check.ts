import { QoderError } from "../api/errors";
import { same } from "../arguments/field";
import { type ArgumentName, type Arguments, argumentNames, fields } from "../fields";
import { nextRunsText, type Schedule, scheduleWarnings } from "../schedule";
import { argumentsIn, hiddenInputs } from "../state";
import { containsUnknown } from "../unknown";
import { formatPath, type Problem, problemsOf } from "./problems";
import { sizeFailures } from "./request-size";
import { isStringifiedOutput, stringifiedOutputs } from "./stringified-output";
import { suggestion } from "./suggestion";

export interface CheckOutcome {
  readonly inputs: Record<string, unknown>;
  /** The state knows the resource. */
  readonly exists: boolean;
  /** Each starts with the path of the argument. */
  readonly failures: readonly string[];
  /** What a person should read before applying. */
  readonly remarks: readonly string[];
}

/**
 * Checks what a program declares, without network. Values that are not known yet are checked in the next round, when
 * they are. In a replacement the engine asks again, as if there were no old inputs.
 */
export function check(
  oldInputs: Readonly<Record<string, unknown>>,
  newInputs: Readonly<Record<string, unknown>>,
  isReplacement = false,
): CheckOutcome {
  const given = withoutNulls(newInputs);
  const stringified = stringifiedOutputs(withoutHidden(given));
  const problems = [
    ...unknownArguments(given),
    ...argumentNames.flatMap((name) => argumentProblems(name, given[name])),
  ].filter(({ path }) => !isStringifiedOutput(valueIn(given, path)) && !path.some(isStringifiedOutput));
  const exists = Object.keys(oldInputs).some((name) => name !== "__provider");
  const inputs = exists ? withOldSpelling(oldInputs, withFirstOrigin(oldInputs, given)) : given;
  const adoption = exists || isReplacement ? [] : adoptionRemarks(inputs);
  const failures =
    problems.length + stringified.length === 0
      ? sizeFailures(argumentsIn(inputs))
      : [...stringified, ...problems.map(({ path, reason }) => `${formatPath(path)}: ${reason}`)];
  const remarks = failures.length === 0 ? [...adoption, ...scheduleRemarks(oldInputs, inputs)] : [];
  return { inputs, exists, failures, remarks };
}

/**
 * The origin of the first declaration stays, also under an alias or after an import that knew none: the engine would draw
 * a new one as a change among the others.
 */
function withFirstOrigin(
  oldInputs: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const { __origin: _, ...others } = given;
  const { __origin } = hiddenInputs(oldInputs);
  return __origin === undefined ? others : { ...others, __origin };
}

/** Where an argument means what it meant, its spelling stays too: a preview shows only what will be sent. */
function withOldSpelling(
  oldInputs: Readonly<Record<string, unknown>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const before = argumentsIn(oldInputs);
  const now = argumentsIn(given);
  const kept = argumentNames.filter(
    (name) => !containsUnknown([oldInputs[name], given[name]]) && meansTheSame(name, before, now),
  );
  return withoutNulls({ ...given, ...Object.fromEntries(kept.map((name) => [name, oldInputs[name]])) });
}

function meansTheSame<Name extends ArgumentName>(
  name: Name,
  before: Partial<Arguments>,
  now: Partial<Arguments>,
): boolean {
  return fields[name].meansTheSame?.(before[name], now[name]) === true;
}

function withoutHidden(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !name.startsWith("__")));
}

function unknownArguments(given: Readonly<Record<string, unknown>>): Problem[] {
  return Object.keys(given)
    .filter((name) => !name.startsWith("__") && !Object.hasOwn(fields, name))
    .map((name) => ({
      path: [name],
      reason: `is not an argument of a QoderDeployment${suggestion(name, argumentNames)}`,
    }));
}

function argumentProblems(name: ArgumentName, value: unknown): Problem[] {
  if (value === undefined) {
    return fields[name].leftOut === "refused" ? [{ path: [name], reason: "is missing" }] : [];
  }
  const parsed = fields[name].schema.safeParse(value, { reportInput: true, error: () => "" });
  if (parsed.success) {
    return [];
  }
  return parsed.error.issues
    .filter((issue) => issue.code === "unrecognized_keys" || !containsUnknown(valueIn(value, issue.path)))
    .flatMap((issue) => problemsOf(issue, [name], fields[name].schema));
}

function valueIn(value: unknown, path: readonly PropertyKey[]): unknown {
  let inner: unknown = value;
  for (const part of path) {
    if (typeof inner !== "object" || inner === null) {
      return inner;
    }
    inner = Object.entries(inner).find(([name]) => name === String(part))?.[1];
  }
  return inner;
}

// The engine shows it as a create, and nobody has read yet what the deployment holds.
function adoptionRemarks(inputs: Readonly<Record<string, unknown>>): string[] {
  const { adopt } = argumentsIn(inputs);
  if (adopt === undefined || containsUnknown(adopt)) {
    return [];
  }
  const cleared = argumentNames.filter((name) => fields[name].leftOut === "cleared" && inputs[name] === undefined);
  const clears = cleared.length === 0 ? "" : `, and clears there what the program leaves out: ${cleared.join(", ")}`;
  return [`takes over ${adopt}${clears}`];
}

// Only for a schedule that is new or changes: an unchanged program is to show nothing.
function scheduleRemarks(
  oldInputs: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): string[] {
  const { schedule, paused } = argumentsIn(inputs);
  const before = argumentsIn(oldInputs);
  if (schedule === undefined) {
    const isRemoved = before.schedule !== undefined && inputs["schedule"] === undefined;
    return isRemoved ? [removedSchedule] : [];
  }
  const resumes = before.paused === true && paused === false;
  if (containsUnknown(schedule) || (same(before.schedule, schedule) && !resumes)) {
    return [];
  }
  const now = new Date();
  const warnings = scheduleWarnings(schedule, now).map((warning) => `warning: ${warning}`);
  return [...runRemarks(schedule, inputs["paused"] ?? before.paused, now), ...warnings];
}

const removedSchedule =
  "warning: the schedule is removed: the API may not take that; paused: true stops the runs and keeps the schedule";

// A pause that the program no longer manages stays as it is.
function runRemarks(schedule: Schedule, paused: unknown, now: Date): string[] {
  if (containsUnknown(paused)) {
    return [];
  }
  return paused === true
    ? ["does not run while it is paused: the schedule takes effect when paused is false"]
    : [`runs next at ${nextRunsText(schedule, now)}`];
}

/** The SDK drops `undefined` and keeps `null`; for a program both mean "left out". */
function withoutNulls(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(value).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(
    entries.map(([name, member]) => [name, isObject(member) ? withoutNulls(member) : pruned(member)]),
  );
}

function pruned(value: unknown): unknown {
  return Array.isArray(value)
    ? value.map((element) => (isObject(element) ? withoutNulls(element) : pruned(element)))
    : value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The arguments to act on. They were checked in the same run; what reaches a write unchecked is refused here. */
export function wantedArguments(inputs: Readonly<Record<string, unknown>>): Partial<Arguments> {
  const given = withoutNulls(inputs);
  const unknown = argumentNames.filter((name) => containsUnknown(given[name]));
  const failures = [...unknown.map((name) => `${name}: is not known yet`), ...check({}, given).failures];
  if (failures.length > 0) {
    throw new QoderError(failures.join("; "));
  }
  return argumentsIn(given);
}
