import { z } from "zod";
import { agentKind } from "../../agent/kind";
import type { QoderClient } from "../../api/client";
import type { ListedKind } from "../../api/object-list";
import { type Listed, shapeProblem } from "../../api/schema";
import { deploymentKind } from "../../deployment/kind";
import { environmentKind } from "../../environment/kind";
import { memoryStoreKind } from "../../memory-store/kind";
import {
  agentSource,
  agentType,
  deploymentSource,
  deploymentType,
  environmentSource,
  environmentType,
  memoryStoreSource,
  memoryStoreType,
  vaultCredentialSource,
  vaultCredentialType,
  vaultSource,
  vaultType,
} from "../../program/source";
import { argumentOutputs, declarableWithoutDefaults } from "../../resource/arguments";
import { argumentFailures } from "../../resource/check/check";
import {
  agentId,
  deploymentId,
  environmentId,
  memoryStoreId,
  vaultCredentialId,
  vaultId,
} from "../../resource/fields/common-fields";
import type { OutputsOf } from "../../resource/fields/field";
import { identityOf, type ResourceKind } from "../../resource/kind";
import { Objects, placed } from "../../resource/objects";
import { type BaseReply, serverOutputs } from "../../resource/outputs";
import type { Properties } from "../../resource/program-values";
import { vaultKind } from "../../vault/kind";
import { vaultCredentialKind } from "../../vault-credential/kind";
import { type AllUntold, untoldOf } from "./untold";

const vaults = importKind(vaultKind, {
  type: vaultType,
  source: vaultSource,
  id: vaultId,
  nameArgument: "displayName",
});

/** A row a kind, in the order in which a program declares them where nothing asks for another. */
export const importKinds: readonly ImportKind[] = [
  importKind(environmentKind, { type: environmentType, source: environmentSource, id: environmentId }),
  importKind(agentKind, { type: agentType, source: agentSource, id: agentId }),
  vaults,
  importKind(vaultCredentialKind, {
    type: vaultCredentialType,
    source: vaultCredentialSource,
    id: vaultCredentialId,
    idForm: "vault_.../vcred_...",
    nameArgument: undefined,
    shortNoun: "credential",
    holder: vaults,
    called: credentialName,
  }),
  importKind(memoryStoreKind, { type: memoryStoreType, source: memoryStoreSource, id: memoryStoreId }),
  importKind(deploymentKind, {
    type: deploymentType,
    source: deploymentSource,
    id: deploymentId,
    agentParameter: "agent_id",
  }),
];

/** An object at Qoder, and how a program declares it so that nothing is left to change. */
export interface Described {
  readonly kind: ImportKind;
  readonly id: string;
  readonly name?: string | undefined;
  readonly archivedAt: string | null | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** What cannot be told of it, or else what this version's own check would refuse. */
  readonly failures: readonly string[];
  readonly untold: AllUntold;
  /** The arguments that the service changes by itself, each with the sentence that says why the program leaves them to it. */
  readonly ignored: ReadonlyMap<string, string>;
  /** The inputs of a program that declares other objects too. */
  referring(outputsOf: OutputsOf): Properties;
}

/** A kind of object that can be taken over. What kind it is, nothing else of this command knows. */
export interface ImportKind extends ListedKind {
  /** The class that a program uses. */
  readonly label: string;
  readonly type: string;
  /** See `program/source.ts`. */
  readonly source: string;
  readonly id: z.ZodType<string>;
  /** How its ids look, for a person: `agent_...`. */
  readonly idForm: string;
  /** The argument with the name at Qoder; undefined where there is none. */
  readonly nameArgument: string | undefined;
  /** Another word for it on a command line. */
  readonly shortNoun: string | undefined;
  /** The kind of the objects that hold these, each with a list of its own; undefined where they stand alone. */
  readonly holder: ImportKind | undefined;
  /** The parameter of the list that asks for those of one agent; undefined where they belong to none. */
  readonly agentParameter: string | undefined;
  /** Undefined where the service shows this account none of this id. */
  find(client: QoderClient, id: string): Promise<Described | undefined>;
  /** An entry of a list, or why it cannot be read. `holder`: the id of the object whose list it is. */
  parse(entry: Listed, holder?: string): Described | { readonly problem: string };
}

type Optional = "idForm" | "nameArgument" | "shortNoun" | "holder" | "agentParameter";
interface Row extends Pick<ImportKind, "type" | "source" | "id">, Partial<Pick<ImportKind, Optional>> {
  /** What a person calls an object that has no name. */
  called?(inputs: Properties): string | undefined;
}

function importKind(kind: ResourceKind, { called, ...row }: Row): ImportKind {
  const { label, noun, collection, idPrefix } = kind;
  const self: ImportKind = {
    ...{ label, noun, collection, idPrefix, idForm: `${idPrefix}...`, nameArgument: "name" },
    ...{ shortNoun: undefined, holder: undefined, agentParameter: undefined },
    ...row,
    async find(client, id) {
      const reply = await new Objects(client, kind).find(id);
      return reply === undefined ? undefined : described(reply);
    },
    parse(entry, holder) {
      const reply = kind.reply.safeParse(entry);
      return reply.success ? described(placed(reply.data, holder)) : { problem: shapeProblem(reply.error) };
    },
  };
  const described = (reply: BaseReply): Described => {
    const inputs = declarableWithoutDefaults(kind, reply);
    const untold = hiddenFromReplies(kind, reply);
    return {
      kind: self,
      id: reply.id,
      name: called?.(inputs) ?? identityOf(kind, reply),
      archivedAt: reply.archived_at,
      inputs: { ...inputs },
      outputs: { ...argumentOutputs(kind, inputs), ...serverOutputs(kind, reply) },
      failures: untold.length > 0 ? untold : argumentFailures(kind, inputs, inputs),
      untold: untoldOf(kind, reply, inputs),
      ignored: ignoredByEngine(kind, inputs),
      referring: (outputsOf) => withReferences(kind, inputs, outputsOf),
    };
  };
  return self;
}

/** The host and path of the server, or the name of the variable. */
function credentialName({ auth }: Properties): string | undefined {
  const { mcpServerUrl, secretName } = shownAuth.safeParse(auth).data ?? {};
  return mcpServerUrl?.replace(/^https?:\/\//i, "").replace(/\/*([?#].*)?$/, "") ?? secretName;
}

const shownAuth = z.object({ mcpServerUrl: z.string().optional(), secretName: z.string().optional() });

function ignoredByEngine(kind: ResourceKind, inputs: Properties): Map<string, string> {
  const held = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    const reason = value === undefined ? undefined : field.heldByService?.(value)?.reason;
    return reason === undefined ? [] : [[name, reason] as const];
  });
  return new Map(held);
}

function hiddenFromReplies(kind: ResourceKind, reply: BaseReply): string[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const reason = field.undescribable?.(reply);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
}

function withReferences(kind: ResourceKind, inputs: Properties, outputsOf: OutputsOf): Properties {
  const written = Object.entries(kind.fields).flatMap(([name, field]) => {
    const value = inputs[name];
    return value === undefined ? [] : [[name, field.referring?.(value, outputsOf) ?? value] as const];
  });
  return Object.fromEntries(written);
}
