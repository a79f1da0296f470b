import { wasArchived } from "../../api/archived";
import type { QoderClient } from "../../api/client";
import { durationText } from "../../api/clock";
import { QoderTokenError, reasonOf } from "../../api/errors";
import { withItsAge } from "../../api/object-list";
import type { Listed } from "../../api/schema";
import { adoption } from "../adoption";
import { ageAt, creationTime, longestInterruptionMs } from "../age";
import { argumentsIn } from "../arguments";
import type { CheckOutcome } from "../check/check";
import { formatPath } from "../check/problems";
import { suggestion } from "../check/suggestion";
import { nameAtQoder } from "../declared";
import { withAdvice } from "../engine/advice";
import type { ResourceKind } from "../kind";
import { type NamedObject, namedObjects } from "../named";
import type { Objects } from "../objects";
import { type PlanRemark, planInfo } from "../plan-remark";
import { commonInputs, containsUnknown, type Properties } from "../program-values";
import { hiddenInputs } from "../state";
import { aliasOf, takenName } from "../write/lost-answer";
import { createBody } from "../write/plan";
import type { Access, AccountReader } from "./account-reader";

/** The results of a check beyond the program: of the settings, or at the service. */
export interface Findings {
  /** The mistakes. A mistake in an argument starts with its path. */
  readonly failures: readonly string[];
  readonly warnings: readonly string[];
  /** What the service shows about the changes of the preview. */
  readonly remarks?: readonly PlanRemark[];
}

export const noFindings: Findings = { failures: [], warnings: [] };

/** The declared inputs, and the recorded ones (`olds`). */
type Declared = Pick<CheckOutcome, "inputs" | "isNew" | "wanted" | "body"> & { readonly olds: Properties };

/** Asks the service about the arguments. A question that the service does not answer is a warning, not a failure. */
export async function verify(
  kind: ResourceKind,
  declared: Declared,
  objects: Objects,
  account: AccountReader,
  hidden: ReadonlySet<string> = new Set(),
): Promise<Findings> {
  const { client } = objects;
  const access = await account.access(client, kind.within ?? kind);
  if (access.is !== "given") {
    return account.isFirst("access") ? inaccessible(kind, access) : noFindings;
  }
  const findings = await Promise.all([
    ...named(kind, declared).map((one) => ofObject(one, client, account)),
    ofAdopted(objects, declared, account).catch((error) =>
      unverified("adopt: whether it fits is not verified", reasonOf(error), account),
    ),
    ofName(kind, declared, client, account),
  ]);
  const moves = await movedVersions(kind, declared, client, account, hidden);
  return {
    failures: findings.flatMap(({ failures }) => failures),
    warnings: findings.flatMap(({ warnings }) => warnings),
    ...(moves.length === 0 ? {} : { remarks: moves }),
  };
}

/** What differs if the object moves to another version of an object that it names. The same move of several objects is one remark. */
async function movedVersions(
  kind: ResourceKind,
  { inputs, olds }: Declared,
  client: QoderClient,
  account: AccountReader,
  hidden: ReadonlySet<string>,
): Promise<PlanRemark[]> {
  const before = new Map(namedObjects(kind.named ?? [], olds).map(({ id, version }) => [id, version?.number]));
  const moves = namedObjects(kind.versionDifference === undefined ? [] : (kind.named ?? []), inputs).map(
    async ({ kind: named, id, version: { number: to } = {} }) => {
      const from = before.get(id);
      if (from === undefined || to === undefined || from === to) {
        return [];
      }
      const [old, now] = await Promise.all([from, to].map((one) => account.version(client, named, id, one)));
      if (old?.is !== "live" || now?.is !== "live") {
        return [];
      }
      const lines = kind.versionDifference?.(old.object, now.object, hidden) ?? [];
      const what = lines.length === 0 ? "the two do not differ" : "the difference follows";
      const text = `moves from version ${from} to ${to} of ${named.noun} ${id}; ${what}`;
      return [{ ...planInfo("version", text), lines }];
    },
  );
  return (await Promise.all(moves)).flat();
}

/** The warnings of a refresh about archived objects that the object needs: no run starts with them. */
export async function archivedNeeds(
  kind: ResourceKind,
  live: Properties,
  client: QoderClient,
  account: AccountReader,
): Promise<string[]> {
  const needed = namedObjects(
    (kind.named ?? []).filter(({ isNeeded }) => isNeeded),
    live,
  );
  const found = await Promise.all(
    needed.map(async ({ kind: named, id }) => {
      const { noun } = named;
      const standing = await account.object(client, named, id);
      return standing.is === "archived"
        ? [
            `its ${noun} ${id} ${wasArchived(standing.at)} and cannot be restored, so no run starts: give the ${kind.noun} another ${noun}`,
          ]
        : [];
    }),
  );
  return found.flat();
}

function inaccessible(kind: ResourceKind, { is, error }: Exclude<Access, { readonly is: "given" }>): Findings {
  const reason = reasonOf(error);
  const what = error instanceof QoderTokenError ? "" : "the service does not take the Qoder access token: ";
  return is === "refused"
    ? failure(withAdvice(`${what}${reason}`, error, "check", kind))
    : caution(`nothing is verified: ${reason}`);
}

function failure(text: string): Findings {
  return { failures: [text], warnings: [] };
}

function caution(text: string): Findings {
  return { failures: [], warnings: [text] };
}

function named(kind: ResourceKind, { inputs, isNew }: Declared): NamedObject[] {
  // `adopt` counts only in a create.
  const adopted = isNew ? namedObjects([{ at: ["adopt"], kind }], inputs) : [];
  return [...namedObjects(kind.named ?? [], inputs), ...adopted];
}

async function ofObject(named: NamedObject, client: QoderClient, account: AccountReader): Promise<Findings> {
  const { path, kind, id, version } = named;
  if (kind.isCatalogue) {
    return ofCatalogue(named, client, account);
  }
  const [place, { noun }] = [formatPath(path), kind];
  const standing = await account.object(client, kind, id);
  if (standing.is === "absent") {
    return failure(
      `${place}: no ${noun} ${id} is visible to this token (${asWhom(account)}): check the id, the token and qoder:workspaceId`,
    );
  }
  if (standing.is === "archived") {
    return failure(`${place}: ${id} ${wasArchived(standing.at)} and cannot be restored: use another ${noun}`);
  }
  if (standing.is === "unknown") {
    return unverified(`${place}: whether ${id} can be used is not verified`, standing.reason, account);
  }
  if (version === undefined || version.number === standing.version) {
    return noFindings;
  }
  const pinned = await account.version(client, kind, id, version.number);
  const pin = formatPath(version.path);
  if (pinned.is === "unknown") {
    return unverified(`${pin}: whether ${id} has a version ${version.number} is not verified`, pinned.reason, account);
  }
  const newest = standing.version === undefined ? "" : `; the newest is ${standing.version}`;
  return pinned.is === "absent" ? failure(`${pin}: ${id} has no version ${version.number}${newest}`) : noFindings;
}

/** A catalogue differs by account and time, so a missing object is a warning. */
async function ofCatalogue(
  { path, kind, id }: NamedObject,
  client: QoderClient,
  account: AccountReader,
): Promise<Findings> {
  const place = formatPath(path);
  const shown = await account.catalogue(client, kind);
  if (typeof shown === "string") {
    return unverified(`${place}: whether there is a ${kind.noun} ${id} is not verified`, shown, account);
  }
  return shown.includes(id)
    ? noFindings
    : caution(`${place}: the service shows no ${kind.noun} ${id} to this account now${suggestion(id, shown)}`);
}

/** An object that `up` would refuse to adopt. */
async function ofAdopted(
  objects: Objects,
  { inputs, wanted, isNew }: Declared,
  account: AccountReader,
): Promise<Findings> {
  const { client, kind } = objects;
  const { adopt = "" } = isNew ? commonInputs(inputs) : {};
  const standing = adopt === "" || containsUnknown(adopt) ? undefined : await account.object(client, kind, adopt);
  const { data: object } = kind.reply.safeParse(standing?.is === "live" ? standing.object : undefined);
  const { refusal } = object ? await adoption(objects, { ...object, id: adopt }, wanted) : {};
  return refusal === undefined ? noFindings : failure(`adopt: ${refusal}`);
}

function unverified(text: string, reason: string, account: AccountReader): Findings {
  return account.isFirst(reason) ? caution(`${text}: ${reason}`) : noFindings;
}

function asWhom({ caller }: AccountReader): string {
  const workspace = caller?.workspace === undefined ? "its default workspace" : `workspace ${caller.workspace.id}`;
  return caller === undefined ? workspace : `from ${caller.tokenSource}, ${workspace}`;
}

async function ofName(
  kind: ResourceKind,
  declared: Declared,
  client: QoderClient,
  account: AccountReader,
): Promise<Findings> {
  const { name, before } = newName(kind, declared);
  if (before !== undefined) {
    account.release(kind, before);
  }
  if (name === undefined) {
    return noFindings;
  }
  const { taken, incomplete } = await account.names(client, kind);
  const [other] = taken.get(name) ?? [];
  // The object may be ours: somebody may have given it the name that the program declares now.
  const mayBeOurs = before !== undefined && !taken.has(before);
  if (other !== undefined && !mayBeOurs && !account.isReleased(kind, name)) {
    return ofTaken(kind, other, before !== undefined, client, hiddenInputs(declared.inputs).__origin);
  }
  return incomplete !== undefined && account.isFirst(incomplete)
    ? caution(`${argumentOf(kind)}: whether it is free is not verified: ${incomplete}`)
    : noFindings;
}

/** The new name, if there is one and it is known, and the recorded name that it replaces. */
function newName(
  kind: ResourceKind,
  { inputs, body, olds, isNew }: Declared,
): { readonly name?: string; readonly before?: string } {
  const recorded = createBody(kind, argumentsIn(kind, olds));
  const [name, before] = [nameAtQoder(kind, body), nameAtQoder(kind, recorded)];
  if (name === undefined) {
    return {};
  }
  // Another name of a file or a skill is another object.
  if (before !== undefined && before !== name && !kind.hasFreeNames) {
    return { name, before };
  }
  return isNew && commonInputs(inputs).adopt === undefined ? { name } : {};
}

function argumentOf({ distinction }: ResourceKind): string {
  return distinction?.argument ?? "name";
}

function ofTaken(kind: ResourceKind, other: Listed, isRename: boolean, client: QoderClient, origin = ""): Findings {
  const place = argumentOf(kind);
  if (!kind.hasUniqueNames) {
    const refusal = kind.hasFreeNames ? "" : "; the service may refuse a second one";
    const move = isRename ? "" : `; if this resource moved, add ${aliasOf(origin)}`;
    return caution(`${place}: ${withItsAge(other)}, has it too${refusal}${move}`);
  }
  if (isRename) {
    return failure(`${place}: is taken by ${withItsAge(other)}; choose another one`);
  }
  const age = ageAt(creationTime(other.created_at), client.serviceNow());
  // An interrupted `up` may have created the object, and the next `up` continues with it.
  return age !== undefined && age <= longestInterruptionMs
    ? caution(
        `${place}: ${takenName(kind, other, origin)}. If an interrupted \`up\` created it ${durationText(age)} ago, the next one continues with it`,
      )
    : // For `--replace` the engine checks the resource as if it were new.
      failure(`${place}: ${takenName(kind, other, origin)}. For \`--replace\`, set qoder:verify to false`);
}
