import { z } from "zod";
import { wasArchived } from "../../api/archived";
import type { QoderClient } from "../../api/client";
import { QoderTokenError, reasonOf } from "../../api/errors";
import type { CheckOutcome } from "../check/check";
import { formatPath } from "../check/problems";
import { suggestion } from "../check/suggestion";
import type { Compared, DiffOutcome } from "../engine/ledger";
import { withAdvice } from "../kind/advice";
import { type PlanRemark, planWarning } from "../kind/diagnostics";
import type { Asking, PriorState, ProgramChange, ResourceKind } from "../kind/kind";
import { containsUnknown, membersOf, type Properties, valueIn } from "../kind/program-values";
import { type NamedObject, namedObjects } from "../kind/references";
import type { Access, AccountReader } from "../read/account-reader";
import { caution, type Findings, failure, noFindings, unverified } from "../read/findings";
import type { Objects } from "../read/objects";
import { nameFindings } from "../read/same-name";
import type { EngineCall } from "../session/engine-call";
import { adoptedIn, adoptionFindings } from "../write/adoption";

type Declared = Pick<CheckOutcome, "inputs" | "before" | "isNew" | "wanted" | "body">;

type Asked = Pick<Findings, "failures"> & { readonly remarks: readonly PlanRemark[] };

/**
 * What the settings and, in a preview that verifies, the service say of a declaration. The service is not asked about one with
 * mistakes.
 */
export async function askedOfCheck(call: EngineCall, outcome: CheckOutcome): Promise<Asked> {
  const { configuration, kind, session } = call;
  const settings = session.settingFindings(configuration);
  const ofSettings = settings.warnings.map((text) => planWarning("token", text));
  const { reader } = call;
  if (reader === undefined || outcome.failures.length > 0) {
    return { failures: settings.failures, remarks: ofSettings };
  }
  const { failures, warnings } = await verify(kind, outcome, call.asking(), reader);
  const { inputs, wanted: after } = outcome;
  const ofAdopted = await askedChange(call, adoptedIn(outcome), { before: {}, after, inputs });
  const ofService = [...warnings.map((text) => planWarning("verify", text)), ...ofAdopted];
  return { failures: [...settings.failures, ...failures], remarks: [...ofSettings, ...ofService] };
}

/** What a preview that verifies asks about a changed object. */
export async function askedOfDiff(
  call: EngineCall,
  { id, prior, declaration, outcome }: Pick<Compared, "id" | "prior" | "declaration" | "outcome">,
): Promise<readonly PlanRemark[]> {
  const { reader, subject } = call;
  // A refresh, which declares nothing, announces no write.
  if (reader === undefined || declaration === undefined) {
    return [];
  }
  const change = { before: prior.arguments, after: outcome.wanted, inputs: subject.properties };
  return [
    ...(await askedChange(call, id, change)),
    ...(await changedFiles(call.asking({ prior }), id, prior, outcome)),
  ];
}

/** `id`: the object that exists and that the change is about; undefined if there is none. */
async function askedChange(
  call: EngineCall,
  id: string | undefined,
  change: Omit<ProgramChange, "replaces">,
): Promise<readonly PlanRemark[]> {
  const { kind, reader, session } = call;
  if (id === undefined || reader === undefined || kind.remarks?.asked === undefined) {
    return [];
  }
  const { client } = call.asking();
  const asking: Asking = {
    client,
    version: (named, of, version) => reader.version(client, named, of, version),
    secretsOf: (named) => session.ledger.secretsOf(named),
  };
  return kind.remarks.asked(asking, id, change, new Date());
}

/** The changed lines of the files, whose contents no state has. A refresh has no folder, because it declares nothing. */
async function changedFiles(
  objects: Objects,
  id: string,
  prior: PriorState,
  { changed, replaces, wanted }: DiffOutcome,
): Promise<PlanRemark[]> {
  const { files, kind } = objects;
  const { upload } = kind;
  const { folder } = files;
  if (upload === undefined || folder === undefined || !changed.includes(upload.argument) || replaces.length > 0) {
    return [];
  }
  return files.inTurn(async () => upload.changedFiles?.(objects, id, prior.outputs, wanted, folder) ?? []);
}

/** Asks the service about the arguments. A question that the service does not answer is a warning, not a failure. */
export async function verify(
  kind: ResourceKind,
  declared: Declared,
  objects: Objects,
  account: AccountReader,
): Promise<Findings> {
  const { client } = objects;
  const access = await account.access(client, kind.within ?? kind);
  if (access.is !== "given") {
    return account.isFirst("access") ? inaccessible(kind, access) : noFindings;
  }
  const findings = await Promise.all([
    ...named(kind, declared).map((one) => ofObject(one, declared.inputs, client, account)),
    adoptionFindings(objects, declared, account).catch((error) =>
      unverified("adopt: whether it fits is not verified", reasonOf(error), account),
    ),
    nameFindings(kind, declared, client, account),
  ]);
  return {
    failures: findings.flatMap(({ failures }) => failures),
    warnings: findings.flatMap(({ warnings }) => warnings),
  };
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
      const status = await account.object(client, named, id);
      return status.is === "archived"
        ? [
            `its ${noun} ${id} ${wasArchived(status.at)} and cannot be restored, so no run starts: give the ${kind.noun} another ${noun}`,
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

function named(kind: ResourceKind, { inputs, isNew }: Declared): NamedObject[] {
  // `adopt` counts only in a create.
  const adopted = isNew ? namedObjects([{ at: ["adopt"], kind }], inputs) : [];
  return [...namedObjects(kind.named ?? [], inputs), ...adopted];
}

async function ofObject(
  named: NamedObject,
  inputs: Properties,
  client: QoderClient,
  account: AccountReader,
): Promise<Findings> {
  const { path, kind, id, version } = named;
  if (kind.isCatalogue) {
    return ofCatalogue(named, inputs, client, account);
  }
  const [place, { noun }] = [formatPath(path), kind];
  const status = await account.object(client, kind, id);
  if (status.is === "absent") {
    return failure(
      `${place}: no ${noun} ${id} is visible to this token (${asWhom(account)}): check the id, the token and qoder:workspaceId`,
    );
  }
  if (status.is === "archived") {
    return failure(`${place}: ${id} ${wasArchived(status.at)} and cannot be restored: use another ${noun}`);
  }
  if (status.is === "unknown") {
    return unverified(`${place}: whether ${id} can be used is not verified`, status.reason, account);
  }
  if (version === undefined || version.number === status.version) {
    return noFindings;
  }
  const pinned = await account.version(client, kind, id, version.number);
  const pin = formatPath(version.path);
  if (pinned.is === "unknown") {
    return unverified(`${pin}: whether ${id} has a version ${version.number} is not verified`, pinned.reason, account);
  }
  const newest = status.version === undefined ? "" : `; the newest is ${status.version}`;
  return pinned.is === "absent" ? failure(`${pin}: ${id} has no version ${version.number}${newest}`) : noFindings;
}

/** A catalogue differs by account and time, so a missing object is a warning. */
async function ofCatalogue(
  { path, kind, id }: NamedObject,
  inputs: Properties,
  client: QoderClient,
  account: AccountReader,
): Promise<Findings> {
  const place = formatPath(path);
  const shown = await account.catalogue(client, kind);
  if (typeof shown === "string") {
    return unverified(`${place}: whether there is a ${kind.noun} ${id} is not verified`, shown, account);
  }
  const entry = shown.find((one) => one.id === id);
  if (entry === undefined) {
    const near = suggestion(
      id,
      shown.map((one) => one.id),
    );
    return caution(`${place}: the service shows no ${kind.noun} ${id} to this account now${near}`);
  }
  const settings = membersOf(valueIn(inputs, path.slice(0, -1)));
  const warnings = Object.entries(kind.choices ?? {}).flatMap(([member, list]) => {
    const [value, choices] = [settings[member], texts.safeParse(entry[list]).data];
    return typeof value !== "string" || containsUnknown(value) || choices === undefined || choices.includes(value)
      ? []
      : [
          `${formatPath([...path.slice(0, -1), member])}: the ${kind.noun} ${id} has no ${member} ${JSON.stringify(value)}; its ${list} are ${choices.join(", ")}`,
        ];
  });
  return { failures: [], warnings };
}

const texts = z.array(z.string());

function asWhom({ caller }: AccountReader): string {
  const workspace = caller?.workspace === undefined ? "its default workspace" : `workspace ${caller.workspace.id}`;
  return caller === undefined ? workspace : `from ${caller.tokenSource}, ${workspace}`;
}
