/** A text after one or more rounds of unescaping. */
export interface Reading {
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
export function readingsOf(text: string): Reading[] {
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
