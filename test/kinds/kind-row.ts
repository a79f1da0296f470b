import type { Clients } from "../../provider/account/settings";
import { finder } from "../../provider/look-up/find";
import type { Find } from "../../provider/program/look-up";
import { argumentsIn } from "../../provider/resource/arguments";
import type { ResourceKind } from "../../provider/resource/kind";
import { KindProvider } from "../../provider/resource/provider";
import type { QoderApi, Switches } from "../qoder-api";
import type { Console } from "../qoder-api/console";
import type { JsonObject } from "../qoder-api/wire";
import type { LoadedKind } from "../support/in-process-provider";
import type { Properties } from "../support/provider";
import type { ToyService } from "../support/toy-service";
import type { ArgumentRow, Change } from "./argument-row";
import { commonChanges } from "./common";

/** An argument that the body of an update carries, in the life of an object. */
interface Lived {
  readonly value: unknown;
  /** What somebody makes of it at the service, as the body of an update, and how a program would write that. */
  readonly edit: JsonObject;
  readonly edited: unknown;
  /** What puts the value back. */
  readonly repair: JsonObject;
  /** What takes the edit back where the program leaves the argument out; absent where it is left to others. */
  readonly cleared?: JsonObject;
  /** The services that know the argument; absent where all do. */
  readonly under?: readonly Partial<Switches>[];
  /** Arguments without which this one is refused. */
  readonly needs?: Properties;
}

/** An argument that no update carries. */
interface ReplacingRow {
  readonly value: unknown;
  /** Each makes a new object of one that has the value. */
  readonly others: readonly unknown[];
  /** Other ways to write the value. */
  readonly same?: readonly unknown[];
}

/** What the service shows of any object. */
export interface Shown {
  readonly id: string;
  readonly name?: string;
}

type KindConsole<Live> = Pick<
  Console<Live>,
  "get" | "all" | "live" | "edit" | "archive" | "changeMember" | "restoreMembers" | "remove"
>;

type Request = readonly [method: string, path: string];

export interface Described<Live extends Shown = Shown> {
  readonly type: string;
  readonly source: string;
  /** The least that a program can declare, besides the name. */
  readonly least: Properties;
  readonly rows: Readonly<Record<string, ArgumentRow>>;
  /** Changes of a program that the rows do not tell. */
  readonly changes?: readonly Change[];
  /** The arguments of which any change makes a new object. */
  readonly replacing?: Readonly<Record<string, ReplacingRow>>;
  /** The arguments that have tests of their own, as no row can tell of them. */
  readonly ownTests?: readonly string[];
  /** The path of its list; absent where that is its collection. */
  readonly place?: string;
  /** An update in two declarations, from one to the other; absent where that is another name, empty where the API has none. */
  readonly steps?: readonly [before: Properties, after: Properties] | readonly [];
  /** A takeover sends its secrets, as no reply shows them. */
  readonly sendsWhenAdopted?: true;
  /** What gives it another name at the service; absent where that is `name`, "never" where nothing does. */
  readonly renamed?: ((name: string) => JsonObject) | "never";
  /** Programs have no look-up of the kind. */
  readonly hasNoLookUp?: true;
  /** What a create sends; absent where it is a POST of a body to the collection. */
  readonly creates?: readonly (readonly [method: string, path: string])[];
  /** The other kinds of object that its messages are about. */
  readonly about?: readonly string[];
  /** Arguments that hold the secret in a member that is declared secret; absent where the kind has none. */
  readonly secret?: (secret: string) => Properties;
  /** What an update carries besides its changes, as things stand; absent where that is nothing. */
  readonly beside?: (api: QoderApi, id: string) => JsonObject;
  /** Makes what the arguments name. */
  readonly prepare?: (api: QoderApi) => void;
  readonly console: (api: QoderApi, toys: ToyService) => KindConsole<Live>;
}

/** What the tests need to know of a kind. All else that they expect follows from its paths and fields. */
export interface KindRow<Live extends Shown = Shown>
  extends Omit<Described<Live>, "place" | "renamed" | "steps">,
    LoadedKind {
  readonly kind: ResourceKind;
  readonly arguments: Readonly<Record<string, Lived>>;
  /** All of them: those of the rows, too. */
  readonly changes: readonly Change[];
  readonly label: string;
  readonly noun: string;
  /** What its arguments name by ids, in words. */
  readonly references: string | undefined;
  readonly collection: string;
  readonly place: string;
  /** Undefined where nothing gives it another name. */
  readonly renamed: ((name: string) => JsonObject) | undefined;
  readonly steps: readonly [before: Properties, after: Properties] | readonly [];
  /** The method and the last part of the path of the request that ends one. */
  readonly end: readonly [method: "DELETE"] | readonly [method: "POST", action: "archive"];
  readonly idPrefix: string;
  readonly fields: Readonly<
    Record<
      string,
      { readonly secretMembers?: readonly string[]; readonly buildsOnLive?: true; readonly isLocal?: true }
    >
  >;
  /** The argument that is set by a request of its own. */
  readonly statusArgument: string | undefined;
  /** An update names the version that it was computed from, and is refused where another one is the newest. */
  readonly isLocked: boolean;
  /** What look-ups of the kind ask. */
  finder(clients: Clients): Find;
  /** The lists that it reads before the first create of a command, and before it archives an object. */
  readonly looks: { readonly beforeCreate: readonly Request[]; readonly beforeArchive: readonly Request[] };
  /** A name proves nothing, so a lost create is looked for among what is new. */
  readonly hasFreeNames: boolean;
  /** It is started, and neither changed nor archived. */
  readonly isStarted: boolean;
  /** The path of what proves the right account. */
  witness(properties: Properties): string | undefined;
}

export function kindRow<Live extends Shown>(kind: ResourceKind, described: Described<Live>): KindRow<Live> {
  const { label, noun, references, collection, idPrefix, fields, statusChange, locking, start } = kind;
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
    ...{ label, noun, references, collection, place, steps, idPrefix, fields },
    renamed: renamed === "never" ? undefined : renamed,
    end: kind.deletes?.({}) === true ? ["DELETE"] : ["POST", "archive"],
    statusArgument: statusChange?.argument,
    isLocked: locking !== undefined,
    finder: (clients) => finder(kind, clients),
    looks: {
      beforeCreate: kind.hasNoKeys ? [["GET", place]] : [],
      beforeArchive: kind.users === undefined ? [] : [["GET", `/${kind.users.kind.collection}`]],
    },
    hasFreeNames: kind.hasFreeNames === true,
    isStarted: start !== undefined,
    begin: (session) => new KindProvider(kind, session),
    witness(properties) {
      const path = kind.witness?.(argumentsIn(kind, properties))?.path;
      return path === undefined ? undefined : `/${path.join("/")}`;
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

/** The services that have the argument. What a null clears, they clear. */
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
    return isSent ? [{ what: `${name} to none`, before, after, sent: row.removed, ...on(servicesOf(row)) }] : [];
  });
  const common = commonChanges.filter(({ after }) => Object.keys(after).every((name) => name in rows));
  return [...lives, ...removals, ...common, ...changes];
}

function on([switches]: readonly Partial<Switches>[]): Pick<Change, "switches"> {
  return switches === undefined ? {} : { switches };
}
