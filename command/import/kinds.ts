import { z } from "zod";
import { shapeProblem } from "../../provider/api/schema";
import { commandHold } from "../../provider/deployment/paused";
import { agents, type DeclaredKind, type KindName, kindNames, kinds } from "../../provider/kinds/table";
import { loadedKinds } from "../../provider/loaded-kinds";
import { argumentFailures } from "../../provider/resource/check/check";
import { declarableWithoutDefaults, only, undeclarable } from "../../provider/resource/compare/arguments";
import { shownAsFound } from "../../provider/resource/compare/views";
import { idOf } from "../../provider/resource/kind/common-fields";
import { Commented, type OutputsOf } from "../../provider/resource/kind/field";
import { argumentNames, identityOf, type ResourceKind } from "../../provider/resource/kind/kind";
import { type BaseReply, serverOutputs } from "../../provider/resource/kind/outputs";
import type { Properties } from "../../provider/resource/kind/program-values";
import { Objects, withParent } from "../../provider/resource/read/objects";
import { shownMemory } from "../../provider/resource/state/state";
import { vaultCredentialId } from "../../provider/vault-credential/kind";
import { fileContent, ownSkills, sharedSkill, skillContent } from "./contents";
import type { Content, Described, ImportKind, Loaded } from "./import-kind";
import { writeOnlyOf } from "./write-only";

type ImportedName = Exclude<KindName, "DeploymentRun">;

/** The members of each kind that its row in the table does not have. */
const rows: Readonly<Record<ImportedName, Row>> = {
  Environment: {},
  Skill: { ownOnes: ownSkills, shared: sharedSkill, content: skillContent },
  File: { content: fileContent },
  Agent: {},
  Vault: {},
  VaultCredential: {
    id: vaultCredentialId,
    idForm: "vault_.../vcred_...",
    shortNoun: "credential",
    called: credentialName,
  },
  MemoryStore: { lostInCopy: entriesOf },
  Deployment: {
    inCopy: { paused: new Commented(true, () => "Without this line the copy runs beside its original.") },
    pauseIn: (reply) => commandHold(reply)?.id,
  },
};

/** In the order of the table, which is the order of the program unless references require another one. */
export const importKinds: readonly ImportKind[] = kindNames.flatMap((name) =>
  name === "DeploymentRun" ? [] : [importKind(loadedKinds[name](), kinds[name], rows[name])],
);

function entriesOf(reply: BaseReply): string | undefined {
  const count = z.looseObject({ entry_count: z.number() }).safeParse(reply).data?.entry_count ?? 0;
  return count === 0
    ? undefined
    : `its copy is empty: the ${count === 1 ? "entry" : `${count} entries`} of the original ${count === 1 ? "stays" : "stay"} there.`;
}

/** A readable name of a credential: the host and path of the server, or the name of the variable. */
function credentialName({ auth }: Properties): string | undefined {
  const { mcpServerUrl, secretName } = shownAuth.safeParse(auth).data ?? {};
  return mcpServerUrl?.replace(/^https?:\/\//i, "").replace(/\/*([?#].*)?$/, "") ?? secretName;
}

const shownAuth = z.object({ mcpServerUrl: z.string().optional(), secretName: z.string().optional() });

type Optional = "id" | "idForm" | "shortNoun" | "ownOnes" | "inCopy";

interface Row extends Partial<Pick<ImportKind, Optional>> {
  /** A readable name for an object without a name. */
  called?(inputs: Properties): string | undefined;
  shared?(reply: BaseReply): string | undefined;
  lostInCopy?(reply: BaseReply): string | undefined;
  /** See `Described.pause`. Absent for kinds that no command pauses. */
  pauseIn?(reply: BaseReply): string | undefined;
  /** The content of objects that consist of files; absent for other kinds. */
  readonly content?: Content;
}

const nothingLoaded: Loaded = { inputs: {}, written: {} };

function importKind(
  kind: ResourceKind,
  declared: DeclaredKind,
  { called, shared, lostInCopy, pauseIn, content, ...row }: Row,
): ImportKind {
  const { label, noun, collection, idPrefix, type, source, nameArgument, named = [], within } = declared;
  const self: ImportKind = {
    ...{ label, noun, collection, idPrefix, type, source, nameArgument, named, ownOnes: {}, inCopy: {} },
    ...{ id: idOf(declared), idForm: `${idPrefix}...` },
    ...{ shortNoun: undefined, agentParameter: named.find((place) => place.kind === agents)?.filter },
    ...row,
    get parentKind() {
      return importKinds.find((other) => other.collection === within?.collection);
    },
    isArchived: content === undefined,
    async find(client, id) {
      const reply = await new Objects(client, kind).find(id);
      return reply === undefined ? undefined : described(reply);
    },
    parse(entry, parentId) {
      const reply = kind.reply.safeParse(entry);
      return reply.success ? described(withParent(reply.data, parentId)) : { problem: shapeProblem(reply.error) };
    },
  };
  const described = (reply: BaseReply): Described =>
    content === undefined
      ? whole(reply, nothingLoaded)
      : {
          // The inputs lack the values of the content until it is loaded, so they are not checked yet.
          ...whole(reply, nothingLoaded, false),
          async load(client) {
            const place = await content(client, reply);
            return (folder) => whole(reply, place(folder));
          },
        };
  const whole = (reply: BaseReply, loaded: Loaded, isChecked = true): Described => {
    const inputs = only({ ...declarableWithoutDefaults(kind, reply), ...loaded.inputs }, argumentNames(kind));
    const { failures = [], notes = [], acting = [] } = loaded;
    const unknown = undeclarable(kind, reply);
    const problems = [...hiddenFromReplies(kind, reply), ...failures];
    return {
      kind: self,
      id: reply.id,
      name: loaded.name ?? called?.(inputs) ?? identityOf(kind, reply),
      archivedAt: reply.archived_at,
      inputs,
      outputs: { ...inputs, ...serverOutputs(kind, reply), ...shownMemory(shownAsFound(kind, reply, inputs)) },
      failures: problems.length > 0 || !isChecked ? problems : argumentFailures(kind, inputs, inputs),
      writeOnly: writeOnlyOf(kind, reply, inputs),
      ignored: ignoredByEngine(kind, inputs),
      notes: unknown === undefined ? notes : [...notes, unknown],
      pause: pauseIn?.(reply),
      acting,
      shared: shared?.(reply),
      load: undefined,
      lostInCopy: lostInCopy?.(reply),
      referring: (outputsOf, given = inputs) => withReferences(kind, given, loaded, outputsOf),
    };
  };
  return self;
}

function ignoredByEngine(kind: ResourceKind, inputs: Properties): Map<string, string> {
  const held = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    const reason = value === undefined ? undefined : field.import?.heldByService?.(value)?.reason;
    return reason === undefined ? [] : [[name, reason] as const];
  });
  return new Map(held);
}

function hiddenFromReplies(kind: ResourceKind, reply: BaseReply): string[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const reason = field.import?.undescribable?.(reply);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
}

function withReferences(kind: ResourceKind, inputs: Properties, loaded: Loaded, outputsOf: OutputsOf): Properties {
  const written = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    return value === undefined || Object.hasOwn(loaded.inputs, name)
      ? []
      : [[name, field.import?.referring?.(value, outputsOf) ?? value] as const];
  });
  return { ...loaded.written, ...Object.fromEntries(written) };
}
