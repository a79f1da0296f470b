import { wasArchived } from "../../api/archived";
import { QoderError } from "../../api/errors";
import { requestLabel } from "../../api/transport";
import { declarable, liveAsFound, only } from "../compare/arguments";
import { replacedPlaces } from "../compare/replaced-places";
import { shownAfterWrite } from "../compare/views";
import type { Compared, Ledger, Owner } from "../engine/ledger";
import { type PlanRemark, planInfo, planWarning } from "../kind/diagnostics";
import { type Baseline, endOf, type ResourceKind } from "../kind/kind";
import { ownerIn } from "../kind/metadata";
import type { BaseReply } from "../kind/outputs";
import { commonInputs, containsUnknown, type Properties, valueIn } from "../kind/program-values";
import { getRequest } from "../kind/requests";
import type { AccountReader } from "../read/account-reader";
import { caution, type Findings, failure, noFindings } from "../read/findings";
import type { Objects } from "../read/objects";
import type { Written } from "../state/state";
import { type Context, unknownWord } from "./request-lines";
import { laterLine } from "./update";

/** The declared inputs and arguments. */
interface Declared {
  readonly inputs: Properties;
  readonly wanted: Properties;
  /** True if the resource is new and replaces no object: `adopt` counts only then. */
  readonly isNew: boolean;
}

/** The new resource that adopts an object. */
interface Adopting {
  readonly wanted: Properties;
  readonly self: Owner;
  /** True if the state holds an object of this resource, which the adopted one replaces. */
  readonly isReplacement: boolean;
}

interface Adoption {
  readonly live: Properties;
  /** How the service shows the files that the object holds already; undefined if it holds none of the program. */
  readonly held: Baseline | undefined;
  /** Why the object cannot become what the program declares; undefined if it can. */
  readonly refusal: string | undefined;
}

/**
 * An existing object, for a program that adopts it: every argument whose change replaces an object must be equal. A value that is unknown
 * in a preview is no difference.
 */
async function adoption(objects: Objects, object: BaseReply, wanted: Properties): Promise<Adoption> {
  const { kind } = objects;
  const { noun, upload } = kind;
  const isUnknown = (place: string) => containsUnknown(valueIn(wanted, place.split(".")));
  const isHeld =
    upload === undefined || isUnknown(upload.argument) ? undefined : await upload.holds(objects, object, wanted);
  const names = upload !== undefined && isHeld === true ? [upload.argument] : [];
  const live = { ...liveAsFound(kind, object, wanted), ...only(wanted, names) };
  const held = names.length === 0 ? undefined : shownAfterWrite(kind, object, wanted, names);
  const others = [
    ...replacedPlaces(kind, live, wanted, declarable(kind, object)),
    ...((isHeld === false && (await upload?.fixed(objects, object, wanted))) || []),
  ].filter((place) => !isUnknown(place));
  const refusal = `${object.id} has another ${others.join(" and another ")} than the program says, which the API cannot change in place; declare it as it is, or leave out adopt to create a new ${noun}`;
  return { live, held, refusal: others.length === 0 ? undefined : refusal };
}

export function adoptLines({ kind }: Context, id: string): readonly string[] {
  const adopted = containsUnknown(id) ? unknownWord : id;
  return [requestLabel(getRequest(kind, adopted)), laterLine(kind, adopted)];
}

/**
 * The existing object that the program names with `adopt`; an update sends the differences afterwards. Undefined in the replacement
 * of a resource whose object is archived: then the resource gets a new one.
 */
export async function adopt(
  objects: Objects,
  id: string,
  { wanted, self, isReplacement }: Adopting,
  ledger: Ledger,
): Promise<Written | undefined> {
  const { kind } = objects;
  const { noun } = kind;
  if (isReplacement && ledger.isArchived(id)) {
    return undefined;
  }
  const owner = ledger.owner(id);
  if (owner !== undefined && !isReplacement) {
    throw managedBy(owner, id);
  }
  if (owner === undefined) {
    // Claim the object before the read, and keep the claim if the read fails: the resource that gives the object away in the
    // same command must not archive it.
    ledger.claim(id, self);
  }
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(`no ${noun} ${id} is visible to this token.\nCheck adopt, the token and qoder:workspaceId`);
  }
  if (object.archived_at == null) {
    if (owner !== undefined) {
      throw managedBy(owner, id);
    }
    const { live, held, refusal } = await adoption(objects, object, wanted);
    if (refusal !== undefined) {
      throw new QoderError(refusal);
    }
    return { object, recorded: live, baseline: held };
  }
  ledger.archived(id);
  if (isReplacement) {
    return undefined;
  }
  throw new QoderError(
    `${id} ${wasArchived(object.archived_at)} and cannot be adopted.\nRemove adopt to create a new ${noun}`,
  );
}

function managedBy({ description }: Owner, id: string): QoderError {
  return new QoderError(
    `${description} of this stack manages ${id} already, and an object can belong to one resource only.\nIf the resource was renamed, give it aliases instead of adopt`,
  );
}

// The engine shows an adoption as a create, and no request has read the object yet.
export function adoptionRemarks(kind: ResourceKind, inputs: Properties): PlanRemark[] {
  const { adopt } = inputs;
  if (typeof adopt !== "string" || containsUnknown(adopt)) {
    return [];
  }
  const cleared = Object.entries(kind.fields)
    .filter(([name, { leftOut }]) => leftOut === "cleared" && inputs[name] === undefined)
    .map(([name]) => name);
  const done = endOf(kind, inputs) === "deleted" ? "deletes" : "archives";
  const takeover = `adopts ${adopt}: a removal from this stack then ${done} it for everybody`;
  return cleared.length === 0
    ? [planInfo("adopt", takeover)]
    : [planWarning("adopt", `${takeover}, and this \`up\` clears what the program leaves out: ${cleared.join(", ")}`)];
}

export function ignoredAdoption({ kind: { noun }, id, declaration }: Compared): PlanRemark[] {
  const { adopt } = commonInputs(declaration?.given ?? {});
  return adopt === undefined || adopt === id || containsUnknown(adopt)
    ? []
    : [
        planWarning(
          "adopt",
          `adopt: "${adopt}" is ignored, because this resource has ${id} already. Remove adopt; to adopt ${adopt} as well, declare another resource for that ${noun}`,
        ),
      ];
}

/** The id of the object that a new resource adopts; undefined if there is none, or if a preview does not know it. */
export function adoptedIn({ inputs, isNew }: Pick<Declared, "inputs" | "isNew">): string | undefined {
  const { adopt } = isNew ? commonInputs(inputs) : {};
  return containsUnknown(adopt) ? undefined : adopt;
}

/** An object that `up` would refuse to adopt. */
export async function adoptionFindings(
  objects: Objects,
  declared: Declared,
  account: AccountReader,
): Promise<Findings> {
  const { client, kind } = objects;
  const id = adoptedIn(declared);
  const status = id === undefined ? undefined : await account.object(client, kind, id);
  const { data: object } = kind.reply.safeParse(status?.is === "live" ? status.object : undefined);
  const { refusal } = id && object ? await adoption(objects, { ...object, id }, declared.wanted) : {};
  if (refusal !== undefined) {
    return failure(`adopt: ${refusal}`);
  }
  const [owner, own] = [Object(object)["metadata"], declared.wanted["metadata"]].map(ownerIn);
  return owner === undefined || owner === own
    ? noFindings
    : caution(`adopt: ${id} has the label owner: ${JSON.stringify(owner)}; ask its owner before you adopt it`);
}
