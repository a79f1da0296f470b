import type { z } from "zod";
import type { QoderClient } from "../../api/client";
import type { ListedKind, Query } from "../../api/object-list";
import type { Listed } from "../../api/schema";
import type { OutputsOf } from "../../resource/fields/field";
import type { BaseReply } from "../../resource/outputs";
import type { Properties } from "../../resource/program-values";
import type { ContentFolder } from "./content-folder";
import type { AllUntold } from "./untold";

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
  /** What a person should know who takes it over, in sentences. */
  readonly notes: readonly string[];
  /** Why it is nothing that an account could manage; undefined where it is. */
  readonly shared: string | undefined;
  /** Undefined where the reply says all of it; else it lacks what only its content says. */
  readonly load: Loading<Described> | undefined;
  /** The inputs of a program that declares other objects too. */
  referring(outputsOf: OutputsOf): Properties;
}

/** Downloads a content. What follows puts the content into the folder, and says what it means. */
export type Loading<Meaning> = (client: QoderClient) => Promise<(folder: ContentFolder) => Meaning>;

/** What a content says of the object that is made of it. */
export interface Loaded {
  readonly name?: string | undefined;
  /** The arguments that the content says; one that is undefined is none. */
  readonly inputs: Properties;
  /** What a program writes for them. */
  readonly written: Properties;
  readonly failures: readonly string[];
  readonly notes: readonly string[];
}

/** How what an object is made of becomes files of the project. */
export interface Content {
  /** Throws where the content cannot be had, with the reason. */
  load(client: QoderClient, reply: BaseReply): Promise<(folder: ContentFolder) => Loaded>;
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
  /** What asks the list for those of the account alone. */
  readonly ownOnes: Query;
  /** Undefined where the service shows this account none of this id. */
  find(client: QoderClient, id: string): Promise<Described | undefined>;
  /** An entry of a list, or why it cannot be read. `holder`: the id of the object whose list it is. */
  parse(entry: Listed, holder?: string): Described | { readonly problem: string };
}
