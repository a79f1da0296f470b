import type { Ending, Known, ResourceKind, Start } from "../kind";
import type { Predecessor } from "../ledger";
import type { Properties } from "../program-values";
import { type Users, usersOf } from "../references";
import { type Change, changesBetween } from "./plan";
import { type StatusStep, statusSteps } from "./status";

/** Why an update reads the object before it sends anything. */
type Reason =
  | "as the result of the last write is unknown"
  | "as others may have set values beside it"
  | "as others uploaded files";

/** How an object ends and cannot be restored: after the lists of what may need it. */
type EndStep = { readonly do: "users"; readonly users: Users } | { readonly do: "end"; readonly isDeleted: boolean };

/**
 * What one call of the engine does at the service, in order. `up` takes the steps, a diff asks which arguments they change, and a
 * preview prints them. After a step that reads or creates the object, `up` plans the rest again from the answer.
 */
export type Step =
  | EndStep
  | { readonly do: "look"; readonly why: Reason }
  /** One request with the changes of the arguments: a merge patch, or the upload of a version. */
  | { readonly do: "patch"; readonly changes: readonly Change[]; readonly why: Reason | undefined }
  /** Nothing is left to send: an earlier try did everything, and its answer did not reach the state. */
  | { readonly do: "read" }
  | StatusStep
  /** Reads the object that the program names with `adopt`, and sends what differs. */
  | { readonly do: "adopt"; readonly id: string }
  /** Creates another object if the one to adopt is archived. */
  | { readonly do: "instead"; readonly of: string; readonly steps: readonly Step[] }
  | { readonly do: "create"; readonly changes: readonly Change[] }
  /** Starts a run, or finds the one that an earlier try started. */
  | { readonly do: "start"; readonly start: Start }
  /** Waits for the end of a run, if the program asks for its result. */
  | { readonly do: "wait"; readonly ending: Ending | undefined };

/** The changes of arguments that the steps send. */
export function changesIn(steps: readonly Step[]): readonly Change[] {
  return steps.flatMap((step) => ("changes" in step ? step.changes : []));
}

/** The steps from what is known of an object to the wanted arguments. `open`: the arguments that a preview does not know. */
export function changeSteps(
  kind: ResourceKind,
  known: Known,
  wanted: Properties,
  open: readonly string[] = [],
): readonly Step[] {
  const { fields, start, upload } = kind;
  if (start !== undefined) {
    return [{ do: "wait", ending: start.ending }];
  }
  const changes = changesBetween(kind, known, wanted);
  const isForeign = ({ argument }: Change) => fields[argument]?.isForeign?.(known.arguments[argument]) === true;
  const why = changes.some(({ argument }) => fields[argument]?.buildsOnLive)
    ? "as others may have set values beside it"
    : upload?.versions !== undefined && changes.some(isForeign)
      ? "as others uploaded files"
      : undefined;
  const patch = { do: "patch", changes, why } as const;
  const isSent = changes.length > 0 || open.some((name) => fields[name]?.wire !== undefined);
  const steps: readonly Step[] = isSent ? [patch] : [];
  return [...steps, ...statusSteps(kind, known, wanted, open)];
}

export function updateSteps(
  kind: ResourceKind,
  known: Known,
  wanted: Properties,
  open: readonly string[] = [],
): readonly Step[] {
  const steps = changeSteps(kind, known, wanted, open);
  if (known.isOpen && kind.start === undefined) {
    return [lookAfterLoss, ...steps];
  }
  const [first] = steps;
  const why = first?.do === "patch" ? first.why : undefined;
  return why === undefined ? orRead(steps) : [{ do: "look", why }, ...steps];
}

export const lookAfterLoss = { do: "look", why: "as the result of the last write is unknown" } as const;

/** The steps, or the read that an update sends in place of none: its answer must reach the state. */
export function orRead(steps: readonly Step[]): readonly Step[] {
  return steps.length > 0 ? steps : [{ do: "read" }];
}

interface Place {
  readonly adopt: string | undefined;
  /** The object that the new one replaces; undefined if this command knows none. */
  readonly predecessor: Predecessor | undefined;
  readonly isReplacement: boolean;
}

export function createSteps(
  kind: ResourceKind,
  wanted: Properties,
  { adopt, predecessor, isReplacement }: Place,
  open: readonly string[] = [],
): readonly Step[] {
  const { start, statusChange } = kind;
  if (start !== undefined) {
    return [{ do: "start", start }, ...changeSteps(kind, nothing, wanted)];
  }
  const created = { arguments: { ...wanted, ...statusChange?.whenCreated }, outputs: {} };
  const steps: readonly Step[] = [
    { do: "create", changes: changesBetween(kind, nothing, wanted) },
    ...changeSteps(
      kind,
      created,
      wanted,
      open.filter((name) => name === statusChange?.argument),
    ),
  ];
  // If `adopt` names the replaced object, that object is archived by then.
  if (adopt === undefined || adopt === predecessor?.id) {
    return steps;
  }
  return [{ do: "adopt", id: adopt }, ...(isReplacement ? [{ do: "instead", of: adopt, steps } as const] : [])];
}

const nothing: Known = { arguments: {}, outputs: {} };

/** The steps of a removal; none for a run, which no request takes back. */
export function endSteps(kind: ResourceKind, recorded: Properties): readonly EndStep[] {
  if (kind.start !== undefined) {
    return [];
  }
  const users = recorded["archiveInUse"] === true ? [] : usersOf(kind);
  return [
    ...users.map((one) => ({ do: "users", users: one }) as const),
    { do: "end", isDeleted: kind.deletes?.(recorded) === true },
  ];
}
