/**
 * The text without these secrets, in every form in which a server, a proxy or a library may write them. Must be called before
 * a text is cut: half of a secret would not be found.
 */
export function redacted(text: string, secrets: Iterable<string>): string {
  const search = searchFor([...secrets]);
  const places = search.isEmpty ? [] : readingsOf(text).flatMap((reading) => search.placesIn(reading));
  const pieces: string[] = [];
  let end = 0;
  for (const { from, to } of places.sort((one, other) => one.from - other.from)) {
    if (from >= end) {
      pieces.push(text.slice(end, from), struckOut);
    }
    end = Math.max(end, to);
  }
  return [...pieces, text.slice(end)].join("");
}
const struckOut = "[secret]";

/** The search of each set of secrets, because a command cleans many texts of the same secrets. */
const searches = new Map<string, Search>();
const mostSearches = 100;

function searchFor(secrets: readonly string[]): Search {
  const key = JSON.stringify(secrets);
  const search = searches.get(key) ?? new Search(secrets);
  if (searches.size >= mostSearches) {
    searches.clear();
  }
  searches.set(key, search);
  return search;
}

interface Place {
  readonly from: number;
  readonly to: number;
}

/** A part of a form of a secret, as a pattern. The character that no encoding changes, if the part is one. */
interface Unit {
  readonly pattern: string;
  readonly fixed?: number;
}

/** Matches a form around three of its characters: what is before them is a group. */
type Around = () => RegExp;

/**
 * One search for all forms of all secrets. It passes over the text once and looks for three characters of a form which no encoding
 * changes, and compares the form only there: a stack may have thousands of secrets.
 */
class Search {
  readonly #anchored = new Map<number, Around[]>();
  /** The forms without three such characters. */
  readonly #others: RegExp[] = [];

  constructor(secrets: readonly string[]) {
    const values = new Set(secrets.flatMap((secret) => [secret, secret.trim(), ...linesOf(secret)]));
    // Shorter ones than this the engine leaves in as well: a single letter would make the message unreadable
    // (pulumi/pulumi sdk/go/common/util/logging/log.go).
    for (const value of [...values].filter((one) => one.trim().length >= anchorLength)) {
      for (const form of formsOf(value)) {
        this.#add(form);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#anchored.size === 0 && this.#others.length === 0;
  }

  #add(units: readonly Unit[]): void {
    const taken = (key: number) => this.#anchored.get(key)?.length ?? 0;
    let best: { readonly key: number; readonly at: number } | undefined;
    let [key, length] = [0, 0];
    for (const [index, { fixed }] of units.entries()) {
      [key, length] = fixed === undefined ? [0, 0] : [pushed(key, fixed), length + 1];
      // Secrets begin alike, so the characters that the fewest forms have are the best.
      if (length >= anchorLength && (best === undefined || taken(key) < taken(best.key))) {
        best = { key, at: index + 1 - anchorLength };
      }
    }
    const patternOf = (from: number, to?: number) =>
      units
        .slice(from, to)
        .map(({ pattern }) => pattern)
        .join("");
    if (best === undefined) {
      this.#others.push(new RegExp(patternOf(0), "g"));
      return;
    }
    const { at } = best;
    let compiled: RegExp | undefined;
    const around = () => {
      compiled ??= new RegExp(`(?<=(${patternOf(0, at)}))${patternOf(at)}`, "y");
      return compiled;
    };
    this.#anchored.set(best.key, [...(this.#anchored.get(best.key) ?? []), around]);
  }

  /** The places in the original text of all matches in this reading of it. */
  placesIn({ text, origin }: Reading): Place[] {
    const places: Place[] = [];
    const found = (from: number, to: number) => places.push({ from: origin(from), to: origin(to) });
    let key = 0;
    for (let end = 1; end <= text.length; end += 1) {
      key = pushed(key, text.charCodeAt(end - 1));
      for (const around of this.#anchored.get(key) ?? []) {
        const pattern = around();
        pattern.lastIndex = end - anchorLength;
        const [match, before] = pattern.exec(text) ?? [];
        if (match !== undefined && before !== undefined) {
          found(end - anchorLength - before.length, end - anchorLength + match.length);
        }
      }
    }
    for (const pattern of this.#others) {
      for (const { 0: match, index } of text.matchAll(pattern)) {
        found(index, index + match.length);
      }
    }
    return places;
  }
}

const anchorLength = 3;

/** The number for the last three characters of a text, from that for the three before the last. */
function pushed(key: number, code: number): number {
  return ((key << 7) | (code < 128 ? code : 0)) & 0x1fffff;
}

/** A shorter line may be a word of any text. */
const shortestLine = 16;

/** The lines of a secret such as a key: a server, or a tool of an agent, may write one of them alone. */
function linesOf(secret: string): string[] {
  const lines = secret.length > longestInEveryForm ? [] : secret.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line.length >= shortestLine);
}

/** A longer secret would need too large a regular expression. No token is that long. */
const longestInEveryForm = 4_096;

function formsOf(secret: string): Unit[][] {
  return secret.length > longestInEveryForm
    ? [[...secret].map(literalUnit)]
    : [partsOf(secret).flatMap(unitsOfPart), ...base64Forms(secret).map((form) => [...form].map(literalUnit))];
}

const partsOf = (secret: string) => secret.split(/(?<=\S)(\s+)(?=\S)/);

/** The parts at odd places are white space within the secret, for which a server may write a single space. */
function unitsOfPart(part: string, place: number): Unit[] {
  const units = [...part].map(unitOf);
  return place % 2 === 1 ? [{ pattern: `(?:${units.map(({ pattern }) => pattern).join("")}|\\s+)` }] : units;
}

function literalUnit(character: string): Unit {
  return { pattern: literal(character), ...(isFixed(character) ? { fixed: character.charCodeAt(0) } : {}) };
}

const isFixed = (character: string) => /^[A-Za-z0-9._-]$/.test(character);

const entityNames: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};

// The forms of a character in URLs, forms and HTML; readings undo the escapes of JSON and of Go. No encoding changes letters,
// digits, `.`, `_` and `-`.
function unitOf(character: string): Unit {
  if (isFixed(character)) {
    return literalUnit(character);
  }
  const code = character.codePointAt(0) ?? 0;
  const percent = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join("");
  const name = entityNames[character];
  const forms = [
    percent,
    `&#0*${code};`,
    `&#[xX]0*${hex(code, 1)};`,
    ...(name === undefined ? [] : [`&${name};`]),
    ...(character === " " ? ["\\+"] : []),
    literal(character),
  ];
  return { pattern: `(?:${forms.join("|")})` };
}

/** The code in hexadecimal, in upper or lower case. */
function hex(code: number, digits: number): string {
  const text = code.toString(16).padStart(digits, "0");
  return text.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** A shorter secret would also match text that has nothing to do with it. */
const shortestWithin = 8;

// The base64 of the secret alone, and within a longer text such as "user:SECRET" in an authorization header. The secret can
// start at three places in a group of three bytes; for each, the characters that depend on the secret only.
function base64Forms(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const whole = bytes.toString("base64");
  const within =
    bytes.length < shortestWithin
      ? []
      : [0, 1, 2].map((before) => {
          const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
          const bits = (before + bytes.length) * 8;
          return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(bits / 6));
        });
  const forms = [whole, whole.replace(/=+$/, ""), ...within];
  return [...new Set(forms.flatMap((form) => [form, form.replaceAll("+", "-").replaceAll("/", "_")]))].sort(
    (one, other) => other.length - one.length,
  );
}

/** A text after one or more rounds of unescaping. */
interface Reading {
  readonly text: string;
  /**
   * The place in the original text at which the character at this index begins. The index may equal the length of the text.
   */
  origin(index: number): number;
}

/** Several rounds, because an error often contains JSON, which contains the text of another error, which contains JSON. */
const deepest = 4;

// The strings of JSON (RFC 8259, section 7) and of Go (The Go Programming Language Specification, "Rune literals").
const escapeSequence =
  /\\(?:u([0-9A-Fa-f]{4})|U(00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4})|x([0-9A-Fa-f]{2})|([abfnrtv"'\\/]))/g;

const letters: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
]);

/** The original text, and the text after each round of unescaping, until a round changes nothing. */
function readingsOf(text: string): Reading[] {
  const readings: Reading[] = [{ text, origin: (index) => index }];
  for (let last = readings[0]; last !== undefined && readings.length <= deepest; last = readings.at(-1)) {
    const next = unescapedOnce(last);
    if (next.text === last.text) {
      break;
    }
    readings.push(next);
  }
  return readings;
}

function unescapedOnce({ text, origin }: Reading): Reading {
  const pieces: string[] = [];
  // One number for each character: a text of eight million escapes must not become eight million objects.
  const places = new Uint32Array(text.length + 1);
  let [read, length] = [0, 0];
  const take = (piece: string, from: number, step: 0 | 1) => {
    for (let index = 0; index < piece.length; index += 1) {
      places[length] = from + index * step;
      length += 1;
    }
    pieces.push(piece);
  };
  for (const match of text.matchAll(escapeSequence)) {
    const [whole, unit = "", rune = "", byte = "", letter = ""] = match;
    take(text.slice(read, match.index), read, 1);
    take(letter === "" ? characterOf(unit + rune + byte) : (letters.get(letter) ?? letter), match.index, 0);
    read = match.index + whole.length;
  }
  take(text.slice(read), read, 1);
  places[length] = text.length;
  return { text: pieces.join(""), origin: (index) => origin(places[index] ?? text.length) };
}

function characterOf(hexadecimal: string): string {
  return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
}
