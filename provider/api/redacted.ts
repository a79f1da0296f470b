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

/** The place of a form in the text, if its part with a certain index is at this place. */
type Comparison = (text: string, place: number) => Place | undefined;

/** A form of a secret. */
interface Form {
  /** One character for each part of the form: the one that no encoding changes, else `\0`. */
  readonly fixed: string;
  readonly comparisonAt: (index: number) => Comparison;
  readonly pattern: () => RegExp;
}

/**
 * One search for all forms of all secrets. It passes over the text once and looks for three characters of a form which no encoding
 * changes, and compares the form only there: a stack may have thousands of secrets.
 */
class Search {
  readonly #anchored = new Map<number, Comparison[]>();
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

  #add({ fixed, comparisonAt, pattern }: Form): void {
    const taken = (key: number) => this.#anchored.get(key)?.length ?? 0;
    let best: { readonly key: number; readonly at: number } | undefined;
    let [key, length] = [0, 0];
    for (let index = 0; index < fixed.length; index += 1) {
      const code = fixed.charCodeAt(index);
      [key, length] = [pushed(key, code), code === 0 ? 0 : length + 1];
      // Secrets begin alike, so the characters that the fewest forms have are the best.
      if (length >= anchorLength && (best === undefined || taken(key) < taken(best.key))) {
        best = { key, at: index + 1 - anchorLength };
      }
    }
    if (best === undefined) {
      this.#others.push(pattern());
    } else {
      this.#anchored.set(best.key, [...(this.#anchored.get(best.key) ?? []), comparisonAt(best.at)]);
    }
  }

  /** The places in the original text of all matches in this reading of it. */
  placesIn({ text, origin }: Reading): Place[] {
    const places: Place[] = [];
    let key = 0;
    for (let end = 1; end <= text.length; end += 1) {
      key = pushed(key, text.charCodeAt(end - 1));
      for (const compare of this.#anchored.get(key) ?? []) {
        const place = compare(text, end - anchorLength);
        places.push(...(place === undefined ? [] : [place]));
      }
    }
    for (const pattern of this.#others) {
      for (const { 0: match, index } of text.matchAll(pattern)) {
        places.push({ from: index, to: index + match.length });
      }
    }
    return places.map(({ from, to }) => ({ from: origin(from), to: origin(to) }));
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

function formsOf(secret: string): Form[] {
  return secret.length > longestInEveryForm
    ? [literalForm(secret)]
    : [encodedForm(secret), ...base64Forms(secret).map(literalForm)];
}

function literalForm(form: string): Form {
  return {
    fixed: form,
    comparisonAt: (index) => (text, place) => {
      const from = place - index;
      return from >= 0 && text.startsWith(form, from) ? { from, to: from + form.length } : undefined;
    },
    pattern: () => new RegExp(literal(form), "g"),
  };
}

function encodedForm(secret: string): Form {
  const parts = secret.split(/(?<=\S)(\s+)(?=\S)/).flatMap((text, place) => {
    const characters = [...text].map((one) => ({ fixed: isFixed(one) ? one : "\0", pattern: patternOfCharacter(one) }));
    // The texts at odd places are white space within the secret, for which a server may write a single space.
    return place % 2 === 1 ? [{ fixed: "\0", pattern: `(?:${patternOf(characters)}|\\s+)` }] : characters;
  });
  return {
    fixed: parts.map(({ fixed }) => fixed).join(""),
    comparisonAt: (index) => {
      let compiled: RegExp | undefined;
      return (text, place) => {
        compiled ??= new RegExp(`(?<=(${patternOf(parts.slice(0, index))}))${patternOf(parts.slice(index))}`, "y");
        compiled.lastIndex = place;
        const [match, before] = compiled.exec(text) ?? [];
        return match === undefined || before === undefined
          ? undefined
          : { from: place - before.length, to: place + match.length };
      };
    },
    pattern: () => new RegExp(patternOf(parts), "g"),
  };
}

const patternOf = (parts: readonly { readonly pattern: string }[]) => parts.map(({ pattern }) => pattern).join("");

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
function patternOfCharacter(character: string): string {
  if (isFixed(character)) {
    return literal(character);
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
  return `(?:${forms.join("|")})`;
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
