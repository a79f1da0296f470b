import type { Configuration } from "../../account/settings";
import { QoderError } from "../../api/errors";
import type { Compared, Ledger, Predecessor } from "../engine/ledger";
import { endOf, type ResourceKind } from "../kind/kind";

interface Surroundings {
  readonly configuration: Configuration | undefined;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * Throws if `qoder:protect` keeps the object and `QODER_ALLOW_REMOVAL` does not name it. A run ends nothing, so its removal and its
 * replacement are free. The engine tells a provider of a removal only in `up` and `destroy`, of a replacement in the preview, too.
 */
export function refuseRemoval(
  kind: ResourceKind,
  { id, prior }: Predecessor,
  act: "remove" | "replace",
  { configuration, environment }: Surroundings,
): void {
  const end = endOf(kind, prior.arguments);
  const allowed = (environment["QODER_ALLOW_REMOVAL"] ?? "").split(",").map((one) => one.trim());
  if (end === undefined || !isProtected(configuration) || allowed.includes(id)) {
    return;
  }
  const keep =
    act === "remove"
      ? "To keep the object: put the resource back into the program, or, to stop managing it, run `pulumi state delete URN`"
      : "To keep the object: undo the change that replaces it";
  throw new QoderError(
    `qoder:protect is true, so ${id} was not ${end}.\n` +
      `To ${act} this one: QODER_ALLOW_REMOVAL=${id} in the environment of the same command (several ids with commas). ${keep}`,
  );
}

function isProtected(configuration: Configuration | undefined): boolean {
  return textIn(configuration) === "true";
}

/** As `refuseRemoval`, for a change that replaces the object: because the API cannot make it, or because of `replaceOnChanges`. */
export function refuseReplacement(
  { kind, id, prior, declaration, outcome }: Pick<Compared, "kind" | "id" | "prior" | "declaration" | "outcome">,
  surroundings: Surroundings,
): void {
  const isReplaced = outcome.replaces.length > 0 || outcome.covered.length > 0;
  // A refresh compares without a declaration.
  if (declaration !== undefined && isReplaced && !declaration.command?.retainOnDelete) {
    refuseRemoval(kind, { id, prior }, "replace", surroundings);
  }
}

/**
 * As `refuseReplacement`, before a create that replaces a known object: the engine tells a provider of `--replace`, and the plugin of
 * `replaceOnChanges`, by nothing but this create.
 */
export function refuseSuccessor(
  kind: ResourceKind,
  { urn, adopt, isKept }: { readonly urn: string; readonly adopt: string | undefined; readonly isKept: boolean },
  ledger: Ledger,
  surroundings: Surroundings,
): void {
  const replaced = ledger.predecessor(urn);
  if (replaced !== undefined && replaced.id !== adopt && !ledger.isArchived(replaced.id) && !isKept) {
    refuseRemoval(kind, replaced, "replace", surroundings);
  }
}

/** The mistake in `qoder:protect`; undefined for a valid or no value. */
export function protectionProblem(configuration: Configuration | undefined): string | undefined {
  return ["", "true", "false"].includes(textIn(configuration)) ? undefined : "qoder:protect is neither true nor false";
}

function textIn(configuration: Configuration | undefined): string {
  return configuration?.get("qoder:protect")?.trim() ?? "";
}
