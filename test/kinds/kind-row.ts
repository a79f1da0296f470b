import type { Clients } from "../../provider/account/settings";
import { finder } from "../../provider/look-up/find";
import type { Find } from "../../provider/program/look-up";
import { providerOf } from "../../provider/provider-of";
import { argumentsIn } from "../../provider/resource/compare/arguments";
import type { ResourceKind } from "../../provider/resource/kind/kind";
import { namedObjects, usersOf } from "../../provider/resource/kind/references";
import type { QoderApi, Switches } from "../qoder-api";
import type { Console } from "../qoder-api/consoles";
import type { JsonObject } from "../qoder-api/wire";
import type { LoadedKind } from "../support/in-process-provider";
import type { Properties } from "../support/provider";
import type { ToyService } from "../support/toy-service";
import type { ArgumentRow, Change } from "./argument-row";
import { commonChanges } from "./common";

/** An argument that an update can change. */
interface Lived {
  readonly value: unknown;
  /** The body of an update by somebody else; `edited` is the live value after it, as an argument. */
  readonly edit: JsonObject;
  readonly edited: unknown;
  /** The body that restores the value. */
  readonly repair: JsonObject;
  /** The body that undoes the edit if the program leaves out the argument; absent if the edit stays. */
  readonly cleared?: JsonObject;
  /** Settings of services that have the argument; absent if all have it. */
  readonly under?: readonly Partial<Switches>[];
  /** Other arguments that this argument requires. */
  readonly needs?: Properties;
}

/** An argument whose change replaces the object. */
interface ReplacingRow {
  readonly value: unknown;
  /** Values whose declaration replaces an object with `value`. */
  readonly others: readonly unknown[];
  /** Other forms of the value. */
  readonly same?: readonly unknown[];
}

/** The members of every live object. */
export interface Shown {
  readonly id: string;
  readonly name?: string;
}

type KindConsole<Live> = Pick<
  Console<Live>,
  "get" | "all" | "live" | "edit" | "archive" | "changeMember" | "restoreMembers" | "remove"
>;

type Request = readonly [method: string, path: string];

interface Described<Live extends Shown = Shown> {
  /** The required arguments, without the name. */
  readonly least: Properties;
  readonly rows: Readonly<Record<string, ArgumentRow>>;
  /** Changes of a program besides those of the rows. */
  readonly changes?: readonly Change[];
  /** The arguments whose change replaces the object. */
  readonly replacing?: Readonly<Record<string, ReplacingRow>>;
  /** The arguments that have tests of their own and no row. */
  readonly ownTests?: readonly string[];
  /** The path of the list; absent if it is the collection. */
  readonly place?: string;
  /** The arguments before and after an update; absent if the name changes, empty if the API has no update. */
  readonly steps?: readonly [before: Properties, after: Properties] | readonly [];
  /** An adoption sends the secrets, because no reply shows them. */
  readonly sendsWhenAdopted?: true;
  /** The body that renames an object at the service; absent if it has `name`, "never" if no body can. */
  readonly renamed?: ((name: string) => JsonObject) | "never";
  /** Programs have no look-up of the kind. */
  readonly hasNoLookUp?: true;
  /** The requests of a create; absent if it is one POST to the collection. */
  readonly creates?: readonly (readonly [method: string, path: string])[];
  /** Other kinds that messages about this kind may name. */
  readonly about?: readonly string[];
  /** Arguments with the secret in a secret member; absent if the kind has no such member. */
  readonly secret?: (secret: string) => Properties;
  /** Members that each update of the live object sends besides its changes. */
  readonly beside?: (api: QoderApi, id: string) => JsonObject;
  /** Creates the objects that the arguments name. */
  readonly prepare?: (api: QoderApi) => void;
  readonly console: (api: QoderApi, toys: ToyService) => KindConsole<Live>;
}

/** The facts about a kind that the tests use. Their other expectations follow from its paths and fields. */
export interface KindRow<Live extends Shown = Shown>
  extends Omit<Described<Live>, "place" | "renamed" | "steps">,
    LoadedKind {
  readonly type: string;
  readonly kind: ResourceKind;
  readonly arguments: Readonly<Record<string, Lived>>;
  /** All changes, with those of the rows. */
  readonly changes: readonly Change[];
  readonly label: string;
  readonly noun: string;
  /** The kinds of object that its arguments name by ids, in words. */
  readonly references: string | undefined;
  readonly collection: string;
  readonly place: string;
  /** Undefined if no body can rename an object. */
  readonly renamed: ((name: string) => JsonObject) | undefined;
  readonly steps: readonly [before: Properties, after: Properties] | readonly [];
  /** The method and the last part of the path of the request that removes an object. */
  readonly end: readonly [method: "DELETE"] | readonly [method: "POST", action: "archive"];
  readonly idPrefix: string;
  readonly fields: Readonly<
    Record<
      string,
      { readonly secretMembers?: readonly string[]; readonly buildsOnLive?: true; readonly isLocal?: true }
    >
  >;
  /** The argument that a request of its own sets. */
  readonly statusArgument: string | undefined;
  /** An update sends the version that it was computed from, and the service refuses it if a newer version exists. */
  readonly isLocked: boolean;
  /** The look-up of the kind. */
  finder(clients: Clients): Find;
  /** The lists that the provider reads before an archive. */
  readonly looks: { readonly beforeArchive: readonly Request[] };
  /** Names are not unique, so after a lost answer the provider looks for a new object. */
  readonly hasFreeNames: boolean;
  /** Objects are started, and neither updated nor archived. */
  readonly isStarted: boolean;
  /** The path of an object whose GET proves the right account. */
  witness(properties: Properties): string | undefined;
}

export function kindRow<Live extends Shown>(
  kind: ResourceKind,
  { type, source }: { readonly type: string; readonly source: string },
  described: Described<Live>,
): KindRow<Live> {
  const { label, noun, references, collection, idPrefix, fields, ownRequest, outputs } = kind;
  const {
    place = `/${collection}`,
    renamed = (name: string) => ({ name }),
    steps = [{ name: "daily" }, { name: "nightly" }],
  } = described;
  return {
    ...described,
    kind,
    arguments: livesOf(described.rows),
    changes: changesOf(described),
    ...{ type, source, label, noun, references, collection, place, steps, idPrefix, fields },
    renamed: renamed === "never" ? undefined : renamed,
    end: kind.removal?.deletes?.({}) === true ? ["DELETE"] : ["POST", "archive"],
    statusArgument: ownRequest?.argument,
    isLocked: "version" in outputs,
    finder: (clients) => finder(kind, clients),
    looks: {
      beforeArchive: usersOf(kind).map((users) => ["GET", `/${users.kind.collection}`]),
    },
    hasFreeNames: kind.naming?.isFree === true,
    isStarted: kind.removal?.sendsNothing === true,
    begin: (session) => providerOf(kind, session),
    witness(properties) {
      const proving = (kind.named ?? []).filter(({ provesAccount }) => provesAccount);
      const [witness] = namedObjects(proving, argumentsIn(kind, properties));
      return witness === undefined ? undefined : `/${witness.kind.collection}/${witness.id}`;
    },
  };
}

function livesOf(rows: Described["rows"]): Readonly<Record<string, Lived>> {
  const lives = Object.entries(rows).flatMap(([name, row]): [string, Lived][] => {
    const { value, edited, sent, removed, leftOut, needs } = row;
    if (edited === undefined) {
      return [];
    }
    const { declared = value, by: edit, to, repaired: repair = sent } = edited;
    const cleared = leftOut === "cleared" ? { cleared: removed } : {};
    const more = { ...(needs && { needs }), under: servicesOf(row) };
    return [[name, { value: declared, edit, edited: to, repair, ...cleared, ...more }]];
  });
  return Object.fromEntries(lives);
}

/** Settings of services that have the argument and that clear a schedule by null. */
function servicesOf({ generations = [2] }: ArgumentRow): readonly Partial<Switches>[] {
  return generations.map((generation) => ({ generation, scheduleNull: "accept" as const }));
}

function changesOf({ rows, changes = [] }: Described): readonly Change[] {
  const lives = Object.entries(livesOf(rows)).map(([name, { value, edited, repair, needs, under = [] }]): Change => {
    const [before, after] = [edited, value].map((given) => ({ ...needs, [name]: given }));
    return { what: `${name} to another value`, before: { ...before }, after: { ...after }, sent: repair, ...on(under) };
  });
  const removals = Object.entries(rows).flatMap(([name, row]): Change[] => {
    const before = { ...row.needs, [name]: row.value };
    const after = { ...row.needs };
    const isSent = Object.keys(row.removed).length > 0;
    return isSent ? [{ what: `${name} to no value`, before, after, sent: row.removed, ...on(servicesOf(row)) }] : [];
  });
  const common = commonChanges.filter(({ after }) => Object.keys(after).every((name) => name in rows));
  return [...lives, ...removals, ...common, ...changes];
}

function on([switches]: readonly Partial<Switches>[]): Pick<Change, "switches"> {
  return switches === undefined ? {} : { switches };
}
