/**
 * The text without these secrets, in whichever form a server, a proxy or a library may write them. To be called before a text
 * is cut: half of a secret would not be found.
 */
export function redacted(text: string, secrets: Iterable<string>): string {
  const values = new Set([...secrets].flatMap((secret) => [secret, secret.trim()]));
  // The longest first: a secret that holds another would keep its tail.
  return (
    [...values]
      // Shorter ones than this the engine leaves in as well: a single letter would make the message unreadable
      // (pulumi/pulumi sdk/go/common/util/logging/log.go).
      .filter((value) => value.trim().length >= 3)
      .sort((one, other) => other.length - one.length)
      .reduce((clean, value) => without(value, clean), text)
  );
}

/** A pattern of more characters grows too large to be one. No token is that long. */
const longestInEveryForm = 4_096;

function without(secret: string, text: string): string {
  return secret.length > longestInEveryForm
    ? text.replaceAll(secret, struckOut).replaceAll(JSON.stringify(secret).slice(1, -1), struckOut)
    : text.replace(patternOf(secret), struckOut);
}
const struckOut = "[secret]";

function patternOf(secret: string): RegExp {
  const escaped = [...secret].map(patternOfCharacter).join("");
  return new RegExp([escaped, ...base64Forms(secret).map(literal)].join("|"), "g");
}

const entityNames: Readonly<Record<string, string>> = {
  "&": "amp",
  "<": "lt",
  ">": "gt",
  '"': "quot",
  "'": "apos",
};
const letterEscapes: Readonly<Record<string, string>> = {
  "\u0007": "a",
  "\b": "b",
  "\t": "t",
  "\n": "n",
  "\v": "v",
  "\f": "f",
  "\r": "r",
};

// In URLs and forms, in HTML, and in the strings of JSON and of Go (%q). Each of them leaves these characters alone.
function patternOfCharacter(character: string): string {
  if (/^[A-Za-z0-9._-]$/.test(character)) {
    return literal(character);
  }
  const code = character.codePointAt(0) ?? 0;
  const percent = [...Buffer.from(character)].map((byte) => `%${hex(byte, 2)}`).join("");
  const units = [...Array(character.length).keys()].map((index) => `\\\\u${hex(character.charCodeAt(index), 4)}`);
  const name = entityNames[character];
  const letter = letterEscapes[character];
  const forms = [
    percent,
    `&#0*${code};`,
    `&#[xX]0*${hex(code, 1)};`,
    units.join(""),
    ...(name === undefined ? [] : [`&${name};`]),
    ...(letter === undefined ? [] : [`\\\\${letter}`]),
    ...(code < 0x80 ? [`\\\\x${hex(code, 2)}`] : []),
    ...('"\\/'.includes(character) ? [literal(`\\${character}`)] : []),
    ...(character === " " ? ["\\+"] : []),
    literal(character),
  ];
  return `(?:${forms.join("|")})`;
}

/** In big or small letters. */
function hex(code: number, digits: number): string {
  const text = code.toString(16).padStart(digits, "0");
  return text.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Shorter ones would strike out what has nothing to do with the secret. */
const shortestWithin = 8;

// Whole, and as it stands in base64 of a longer text, such as "user:SECRET" in an authorization header: of the three ways to
// fall into groups of three bytes, the characters that the secret alone decides.
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

/** The values of the members with these names, however deep. */
export function textsNamed(names: readonly string[], value: unknown): string[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  return Object.entries(value).flatMap(([name, member]) =>
    names.includes(name) && typeof member === "string" ? [member] : textsNamed(names, member),
  );
}

/** Every text of a value, but for the names of types, which say nothing of it. */
export function textsWithin(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([name, member]) => (name === "type" ? [] : textsWithin(member)));
}
