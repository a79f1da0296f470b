/**
 * The text without these secrets, in every form in which a server, a proxy or a library may write them. Must be called before
 * a text is cut: half of a secret would not be found.
 */
export function redacted(text: string, secrets: Iterable<string>): string {
  const search = searchFor([...secrets]);
  const readings = search.size === 0 ? [] : readingsOf(text);
  const patterns = new Set(search.get(""));
  for (const reading of readings) {
    for (let at = 0; at < reading.text.length; at += 1) {
      for (const pattern of search.get(reading.text.slice(at, at + 3)) ?? []) {
        patterns.add(pattern);
      }
    }
  }
  const places = [...patterns].flatMap((pattern) => readings.flatMap((reading) => placesOf(pattern, reading)));
  const pieces: string[] = [];
  let end = 0;
  for (const { from, to } of places.sort((one, other) => one.from - other.from)) {
    if (from >= end) {
      pieces.push(text.slice(end, from), "[secret]");
    }
    end = Math.max(end, to);
  }
  return [...pieces, text.slice(end)].join("");
}

/**
 * The patterns of all forms of some secrets, each by its last three characters, without which a text does not match it; by none if one of
 * these is white space. A stack may have thousands of secrets, and few of them are worth a look at a text.
 */
type Search = ReadonlyMap<string, readonly RegExp[]>;

/** The last searches, because a command cleans many texts of the same secrets. */
const searches = new Map<string, Search>();
const mostSearches = 100;

function searchFor(secrets: readonly string[]): Search {
  const key = JSON.stringify(secrets);
  const search = searches.get(key) ?? newSearch(secrets);
  if (searches.size >= mostSearches) {
    searches.clear();
  }
  searches.set(key, search);
  return search;
}

function newSearch(secrets: readonly string[]): Search {
  const search = new Map<string, RegExp[]>();
  const values = new Set(secrets.flatMap((secret) => [secret, secret.trim(), ...linesOf(secret)]));
  // Shorter ones than this the engine leaves in as well: a single letter would make the message unreadable
  // (pulumi/pulumi sdk/go/common/util/logging/log.go).
  const long = [...values].filter((value) => value.trim().length >= 3);
  for (const [form, pattern] of long.flatMap(formsOf)) {
    // Secrets often begin alike. White space has other forms.
    const [end] = /\S{3}$/.exec(form) ?? [""];
    search.set(end, [...(search.get(end) ?? []), new RegExp(pattern, "g")]);
  }
  return search;
}

/** A shorter line may be a word of any text. */
const shortestLine = 16;

/** The lines of a secret such as a key: a server, or a tool of an agent, may write one of them alone. */
function linesOf(secret: string): string[] {
  const lines = secret.length > longestInEveryForm ? [] : secret.split(/[\r\n]+/).map((line) => line.trim());
  return lines.filter((line) => line.length >= shortestLine);
}

/** The places in the original text for the matches of the pattern in this reading of the text. */
function placesOf(pattern: RegExp, { text, origin }: Reading) {
  return Array.from(text.matchAll(pattern), ({ 0: { length }, index }) => ({
    from: origin(index),
    to: origin(index + length),
  }));
}

/** A longer secret would need too large a regular expression. No token is that long. */
const longestInEveryForm = 4_096;

/**
 * The forms of a secret, each with its pattern, in which white space within the secret is any white space or the `+` of a URL's form. The
 * readings of a text also undo what looks like an escape in the secret itself.
 */
function formsOf(secret: string): (readonly [form: string, pattern: string])[] {
  return secret.length > longestInEveryForm
    ? [[secret, literal(secret)]]
    : [
        ...readingsOf(secret).map(
          ({ text }) =>
            [
              text,
              text
                .split(/(?<=\S)\s+(?=\S)/)
                .map(literal)
                .join("[\\s+]+"),
            ] as const,
        ),
        ...base64Forms(secret).map((form) => [form, literal(form)] as const),
      ];
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

// One character in the strings of JSON (RFC 8259, section 7) and of Go (The Go Programming Language Specification, "Rune literals"),
// in HTML, and in URLs (the bytes of UTF-8).
const digit = "[0-9A-Fa-f]";
const escapeSequence = new RegExp(
  [
    String.raw`\\(?:u(${digit}{4})|U(00(?:0${digit}|10)${digit}{4})|x(${digit}{2})|([abfnrtv"'\\/]))`,
    `&(?:#[xX]0*(${digit}{1,5}|10${digit}{4})|#0*([0-9]{1,6})|(amp|lt|gt|quot|apos));`,
    `(%${digit}{2}(?:%[89ABab]${digit}){0,3})`,
  ].join("|"),
  "g",
);

const characters: ReadonlyMap<string, string> = new Map([
  ["a", "\u0007"],
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"],
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["quot", '"'],
  ["apos", "'"],
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
    const [whole] = match;
    take(text.slice(read, match.index), read, 1);
    take(characterOf(match), match.index, 0);
    read = match.index + whole.length;
  }
  take(text.slice(read), read, 1);
  places[length] = text.length;
  return { text: pieces.join(""), origin: (index) => origin(places[index] ?? text.length) };
}

function characterOf(match: readonly string[]): string {
  const [whole = "", unit = "", rune = "", byte = "", letter = "", hexadecimal = "", decimal = "", name = ""] = match;
  if (whole.startsWith("%")) {
    try {
      return decodeURIComponent(whole);
    } catch {
      return whole;
    }
  }
  const code = decimal === "" ? Number.parseInt(unit + rune + byte + hexadecimal, 16) : Number(decimal);
  return letter + name === "" ? String.fromCodePoint(code) : (characters.get(letter + name) ?? letter);
}
