import { QoderError } from "../../api/errors";
import type { ResourceKind } from "../kind/kind";
import type { Change } from "./changes";

export function notDoneError(kind: ResourceKind, changes: readonly Change[]): QoderError {
  const removed = changes.filter(({ value }) => value === null);
  const changed = changes.filter(({ value }) => value !== null).map(({ member }) => member);
  return new QoderError(
    [
      ...(removed.length === 0
        ? []
        : [
            `the API accepted ${removed.map(({ member }) => `${member}: null`).join(", ")} but still shows the value`,
            replaceAdvice(kind, removed),
          ]),
      ...(changed.length === 0
        ? []
        : [
            `the API answered the change of ${changed.join(", ")} with success but still shows the old value`,
            "Run `pulumi up` again, which sends the change again; if the old value stays, write it as Qoder shows it, or ask Qoder",
          ]),
    ].join(".\n"),
  );
}

/** How to remove a value that the service does not remove. */
export function replaceAdvice({ fields, noun }: ResourceKind, changes: readonly Change[]): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const others = changes.flatMap(({ argument }) => fields[argument]?.insteadOfRemoval ?? []);
  return [
    `To remove it, set replaceOnChanges: [${names}] for one \`pulumi up\`, which permanently archives this ${noun} and creates another`,
    ...others,
  ].join(". ");
}
