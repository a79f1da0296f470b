import type { z } from "zod";
import { QoderError } from "../api/errors";
import { type ArgumentName, type Arguments, argumentNames, fields } from "../fields";
import { scheduleWarnings } from "../schedule";
import { hiddenInputs, recordedArguments } from "../state";
import { containsUnknown } from "../unknown";
import { formatPath, type Problem, problemsOf } from "./problems";

export interface CheckOutcome {
  readonly inputs: Record<string, unknown>;
  /** Each starts with the path of the argument. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Checks what a program declares, without network. Values that are not known yet are checked in the next round, when
 * they are.
 */
export function check(
  oldInputs: Readonly<Record<string, unknown>>,
  newInputs: Readonly<Record<string, unknown>>,
): CheckOutcome {
  const given = withoutNulls(newInputs);
  const problems = [
    ...unknownArguments(given),
    ...argumentNames.flatMap((name) => argumentProblems(name, given[name])),
  ];
  const inputs = { ...given, ...keptOrigin(oldInputs) };
  return {
    inputs,
    failures: problems.map(({ path, reason }) => `${formatPath(path)}: ${reason}`),
    warnings: problems.length === 0 ? warnings(oldInputs, inputs) : [],
  };
}

// An alias gives the resource another URN; the key of its creation and its name in the service stay what they were.
function keptOrigin(oldInputs: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { __origin } = hiddenInputs(oldInputs);
  return __origin === undefined ? {} : { __origin };
}

function unknownArguments(given: Readonly<Record<string, unknown>>): Problem[] {
  return Object.keys(given)
    .filter((name) => !name.startsWith("__") && !Object.hasOwn(fields, name))
    .map((name) => ({ path: [name], reason: "is not an argument of a QoderDeployment" }));
}

function argumentProblems(name: ArgumentName, value: unknown): Problem[] {
  if (value === undefined) {
    return fields[name].leftOut === "refused" ? [{ path: [name], reason: "is missing" }] : [];
  }
  const parsed = fields[name].schema.safeParse(value, { reportInput: true });
  if (parsed.success) {
    return [];
  }
  return parsed.error.issues
    .filter((issue) => !containsUnknown(valueAt(value, issue)))
    .flatMap((issue) => problemsOf(issue, [name]));
}

function valueAt(value: unknown, issue: z.core.$ZodIssue): unknown {
  let inner: unknown = value;
  for (const part of issue.path) {
    if (typeof inner !== "object" || inner === null) {
      return inner;
    }
    inner = Object.entries(inner).find(([name]) => name === String(part))?.[1];
  }
  return inner;
}

function warnings(oldInputs: Readonly<Record<string, unknown>>, inputs: Readonly<Record<string, unknown>>): string[] {
  const { schedule } = recordedArguments(inputs);
  const before = recordedArguments(oldInputs).schedule;
  if (schedule === undefined || containsUnknown(schedule) || before?.expression === schedule.expression) {
    return [];
  }
  return scheduleWarnings(schedule, new Date()).map((warning) => `schedule.expression: ${warning}`);
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
  return recordedArguments(given);
}
