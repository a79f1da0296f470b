import {
  type Freedom,
  freedoms,
  type OptionalMember,
  optionalMembers,
  unknownMembers,
  unorderedLists,
  userMaps,
} from "./freedoms";
import { isObject } from "./parse";
import { mulberry32 } from "./service";
import type { JsonObject } from "./wire";

type Random = () => number;

const lowerCase = "0123456789abcdefghijklmnopqrstuvwxyz";

/** The alphabets of ids, and the lengths of the shortest: of 32 and of 20 digits in published replies. */
const idForms: readonly (readonly [alphabet: string, shortest: number])[] = [
  [lowerCase.slice(0, 16), 22],
  [lowerCase, 14],
  [`${lowerCase}${lowerCase.slice(10).toUpperCase()}`, 12],
];

/** The place of a value: the `type` of the object, and the names of the members on the way. */
interface Place {
  readonly kind: string;
  readonly path: readonly string[];
}

/**
 * What the service chooses where the pages leave it free. Each choice follows from the seed and from what it is about, so that
 * the same seed makes the same choices, whatever the order of concurrent requests.
 */
export class Latitude {
  readonly #used = new Map<Freedom, Set<string>>();
  readonly #pinned = new Map<Freedom, string>();
  readonly #counts = new Map<string, number>();
  #seed: number | undefined;
  /** The longest time for which reads do not show a write. */
  longestLagMs = 1_000;
  /** What the choices follow from besides the seed. */
  #about = "";

  /** Without a seed, the service uses no freedom. */
  constructor(seed?: number) {
    this.#seed = seed;
  }

  get seed(): number | undefined {
    return this.#seed;
  }

  /** Begins anew with this seed, without pins. `about`: what has choices of its own under the same seed. */
  begin(seed: number | undefined, about = ""): void {
    this.#seed = seed;
    this.#about = about;
    for (const notes of [this.#used, this.#pinned, this.#counts]) notes.clear();
  }

  /** Closes a freedom, for a test that needs an exact member. */
  pin(freedom: Freedom, why: string): void {
    this.#pinned.set(freedom, why);
  }

  isFree(freedom: Freedom): boolean {
    return this.#seed !== undefined && !this.#pinned.has(freedom);
  }

  /** The seed and the used freedoms; undefined without a seed. */
  report(): string | undefined {
    if (this.#seed === undefined) return undefined;
    const lines = [...this.#used].map(
      ([freedom, what]) => `  ${freedom} (${freedoms[freedom]}): ${[...what].join(", ")}`,
    );
    const pins = [...this.#pinned].map(([freedom, why]) => `  ${freedom} is pinned: ${why}`);
    const repeat = `The mock used latitude ${this.#seed}; QODER_API_LATITUDE=${this.#seed} repeats it, QODER_API_LATITUDE=off uses none.`;
    return [repeat, ...lines, ...pins].join("\n");
  }

  /** The answer to the request in one of its free forms. */
  answer(request: string, reply: unknown): unknown {
    if (this.#seed === undefined) return reply;
    return this.#value(reply, { kind: kindOf(reply), path: [] }, this.#next(request));
  }

  /** The digits of an id with this prefix, in the form of the prefix; undefined for the form of the examples. */
  digits(prefix: string, now: number): string | undefined {
    if (!this.isFree("ids")) return undefined;
    const form = this.choice("ids", prefix);
    const [alphabet, shortest] = oneOf(idForms, form);
    const length = shortest + Math.floor(form() * 20);
    this.use("ids", `${prefix}_ and ${length} of ${alphabet.length} digits`);
    const random = this.#next(`${prefix} ${now}`);
    return Array.from({ length }, () => oneOf([...alphabet], random)).join("");
  }

  /** A number generator for this choice, which makes the same numbers each time. */
  choice(...about: readonly unknown[]): Random {
    return mulberry32(hash(JSON.stringify([this.#seed, ...about]) + this.#about));
  }

  /** The difference between the clock and a time, from one microsecond to one second, in either direction. */
  microsecondsOff(about: string, now: Date): number {
    if (!this.isFree("times")) return 0;
    const random = this.choice("times", about, now.getTime());
    const size = Math.round(10 ** (random() * 6));
    this.use("times", about.split(" ").at(-1) ?? about);
    return random() < 0.5 ? size : -size;
  }

  /** The milliseconds by which reads show a write late: none, or up to the longest lag. */
  lateBy(what: string, write: string): number {
    const random = this.choice("late", what, write);
    if (!this.isFree("late") || random() < 0.5) return 0;
    this.use("late", what);
    return Math.ceil(random() * this.longestLagMs);
  }

  /** True if the service uses this freedom now. */
  chooses(freedom: Freedom, what: string): boolean {
    if (!this.isFree(freedom) || this.#next(what)() < 0.5) return false;
    this.use(freedom, what);
    return true;
  }

  use(freedom: Freedom, what: string): void {
    const used = this.#used.get(freedom) ?? new Set();
    this.#used.set(freedom, used.add(what));
  }

  /** The generator of the next choice about the same. */
  #next(about: string): Random {
    const count = this.#counts.get(about) ?? 0;
    this.#counts.set(about, count + 1);
    return this.choice(about, count);
  }

  #value(value: unknown, place: Place, random: Random): unknown {
    if (Array.isArray(value)) return this.#list(value, place, random);
    return isObject(value) ? this.#object(value, place, random) : value;
  }

  #list(list: readonly unknown[], place: Place, random: Random): unknown[] {
    const elements = list.map((element) => this.#value(element, elementOf(place, element), random));
    const name = place.path.at(-1) ?? "";
    if (!this.isFree("lists") || !unorderedLists.includes(name) || list.length < 2) return elements;
    this.use("lists", name);
    return shuffled(elements, random);
  }

  #object(object: JsonObject, place: Place, random: Random): JsonObject {
    const isOfUser = userMaps.includes(place.path.at(-1) ?? "");
    const members = Object.entries(object).map(([name, value]): [string, unknown] => [
      name,
      isOfUser ? value : this.#value(value, { ...place, path: [...place.path, name] }, random),
    ]);
    const shown = isOfUser ? members : [...this.#chosen(members, place, random), ...this.#added(object, place, random)];
    if (!this.isFree("members")) return Object.fromEntries(shown);
    this.use("members", "all");
    return Object.fromEntries(shuffled(shown, random));
  }

  /** The members with each optional one in one of its forms. */
  #chosen(members: [string, unknown][], { kind, path }: Place, random: Random): [string, unknown][] {
    const chosen = new Map(members);
    for (const row of this.isFree("unset") ? optionalMembers : []) {
      const isHere = row.kind === kind && row.path.slice(0, -1).join() === path.join();
      if (isHere) this.#choose(row, chosen, random);
    }
    return [...chosen];
  }

  #choose({ kind, path, forms, isAlwaysFree }: OptionalMember, members: Map<string, unknown>, random: Random): void {
    const name = path.at(-1) ?? "";
    if (!isAlwaysFree && !isUnset(members.get(name))) return;
    const form = oneOf(forms, random);
    this.use("unset", `${kind}.${path.join(".")} ${form}`);
    if (form === "absent") members.delete(name);
    else if (form !== "present") members.set(name, form === "null" ? null : "");
  }

  /** Further members. Those within an argument are the same in each reply, as what the service has stored with it. */
  #added(object: JsonObject, { kind, path }: Place, random: Random): [string, unknown][] {
    const freedom = path.length === 0 ? "unknown" : "inside";
    const choose = freedom === "unknown" ? random : this.choice(freedom, kind, path);
    if (!this.isFree(freedom) || choose() < 0.5) return [];
    const [name, value] = oneOf(Object.entries(unknownMembers), choose);
    if (name in object) return [];
    this.use(freedom, [kind, ...path, name].join("."));
    return [[name, structuredClone(value)]];
  }
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/** An entry of a list is an object of its own. */
function elementOf(place: Place, element: unknown): Place {
  const isEntry = place.kind === "list" && place.path.join() === "data";
  return isEntry ? { kind: kindOf(element), path: [] } : place;
}

function kindOf(reply: unknown): string {
  if (!isObject(reply)) return "";
  return typeof reply["type"] === "string" ? reply["type"] : Array.isArray(reply["data"]) ? "list" : "";
}

function oneOf<Item>(items: readonly [Item, ...Item[]] | readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new Error("there is nothing to choose from");
  return item;
}

function shuffled<Item>(items: readonly Item[], random: Random): Item[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}

/** The seed in QODER_API_LATITUDE; else this one. `off` means none. */
export function seedGiven(seed: number): number | undefined {
  const { QODER_API_LATITUDE: given } = process.env;
  if (given === undefined || given === "") return seed;
  return given === "off" ? undefined : Number(given);
}

/** FNV-1a. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
