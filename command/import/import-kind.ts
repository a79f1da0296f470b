import type { z } from "zod";
import type { QoderClient } from "../../provider/api/client";
import type { Collection, Query } from "../../provider/api/object-list";
import type { Listed } from "../../provider/api/schema";
import type { DeclaredKind } from "../../provider/kinds/table";
import type { OutputsOf } from "../../provider/resource/kind/field";
import type { BaseReply } from "../../provider/resource/kind/outputs";
import type { Properties } from "../../provider/resource/kind/program-values";
import type { ContentFolder } from "./content-folder";
import type { AllWriteOnly } from "./write-only";

/** An object at Qoder, and the declaration with which `pulumi up` changes nothing. */
export interface Described {
  readonly kind: ImportKind;
  readonly id: string;
  readonly name?: string | undefined;
  readonly archivedAt: string | null | undefined;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** The values that a program cannot express, or else the problems that `check` of this version would report. */
  readonly failures: readonly string[];
  readonly writeOnly: AllWriteOnly;
  /** The arguments that the service changes by itself, each with the reason for `ignoreChanges` in the program. */
  readonly ignored: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  /** The id of the pause with which a command stops the object: the program does not declare it. Undefined without such a pause. */
  readonly pause: string | undefined;
  /** What tools do, without being asked to, with files of its content. */
  readonly acting: readonly string[];
  /** The reason for which no account can manage the object; undefined for a normal object. */
  readonly shared: string | undefined;
  /** Loads the content of the object; undefined if the reply contains all values. */
  readonly load: ((client: QoderClient) => Promise<Placing<Described>>) | undefined;
  /** What a copy would lack, in a sentence; undefined if it would lack nothing. */
  readonly lostInCopy: string | undefined;
  /** The inputs, or others of the same form, with references to other resources of the program. */
  referring(outputsOf: OutputsOf, inputs?: Properties): Properties;
}

export type Progress = (kind: ImportKind, count: number) => void;

/** Writes a downloaded content into the folder, and returns its meaning. */
type Placing<Meaning> = (folder: ContentFolder) => Meaning;

/** The values that the content adds to its object. */
export interface Loaded extends Partial<Pick<Described, "name" | "failures" | "notes" | "acting">> {
  /** The arguments from the content; an undefined one counts as absent. */
  readonly inputs: Properties;
  /** The arguments as a program writes them. */
  readonly written: Properties;
}

/** Downloads the content of an object, which becomes files of the project. Throws with the reason if it is not available. */
export type Content = (client: QoderClient, reply: BaseReply) => Promise<Placing<Loaded>>;

/** A kind of object that can be imported. The other files of this command know no kind. */
export interface ImportKind extends Collection, Pick<DeclaredKind, "label" | "type" | "source" | "named"> {
  readonly nameArgument: string | undefined;
  readonly id: z.ZodType<string>;
  /** The form of an id, for a person: `agent_...`. */
  readonly idForm: string;
  readonly shortNoun: string | undefined;
  /** The kind of the parents, if each parent has a list of these objects; undefined for objects without a parent. */
  readonly parentKind: ImportKind | undefined;
  /** The parameter of the list that selects the objects of one agent; undefined if the kind belongs to no agent. */
  readonly agentParameter: string | undefined;
  /** The query that lists only objects of the account. */
  readonly ownOnes: Query;
  /** The arguments that each copy has, in place of those of its original. */
  readonly inCopy: Properties;
  /** True if the service archives the objects, so that a list can show archived ones. */
  readonly isArchived: boolean;
  /** Reads an object; undefined if the service shows none with this id. */
  find(client: QoderClient, id: string): Promise<Described | undefined>;
  /** Reads an entry of a list, or returns the reason for which it is unreadable. `parentId`: the id of the object that the listed one is inside. */
  parse(entry: Listed, parentId?: string): Described | { readonly problem: string };
}
