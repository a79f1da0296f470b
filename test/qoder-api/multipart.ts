import { invalid } from "./errors";

/** A part that came with a file name. */
export interface FilePart {
  /** The name of the field. */
  readonly part: string;
  /** The name as sent, with its folders. */
  readonly filename: string;
  readonly contentType: string | undefined;
  readonly content: Buffer;
}

export interface Form {
  readonly fields: Record<string, string>;
  readonly files: readonly FilePart[];
}

const HEADERS_END = "\r\n\r\n";

/** Parses a form (RFC 7578); undefined for any other body. */
export function readMultipart(body: Buffer, contentType: string): Form | undefined {
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  const bodies = boundary === undefined ? undefined : partsOf(body, boundary);
  const parts = bodies?.map(readPart);
  if (parts === undefined || parts.includes(undefined)) return undefined;
  const known = parts.flatMap((part) => part ?? []);
  return {
    fields: Object.fromEntries(
      known.flatMap(({ part, filename, content }) => (filename === undefined ? [[part, content.toString()]] : [])),
    ),
    files: known.flatMap(({ filename, ...part }) => (filename === undefined ? [] : [{ ...part, filename }])),
  };
}

function partsOf(body: Buffer, boundary: string): Buffer[] | undefined {
  // A line break belongs to each delimiter except the first, so this adds one before the body.
  const whole = Buffer.concat([Buffer.from("\r\n"), body]);
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: Buffer[] = [];
  for (let at = whole.indexOf(delimiter); at >= 0; ) {
    const start = at + delimiter.length;
    if (whole.toString("latin1", start, start + 2) === "--") return parts;
    at = whole.indexOf(delimiter, start);
    if (at >= 0) parts.push(whole.subarray(start + "\r\n".length, at));
  }
  return undefined;
}

function readPart(bytes: Buffer) {
  const end = bytes.indexOf(HEADERS_END);
  if (end < 0) return undefined;
  const headers = bytes.toString("utf8", 0, end).split("\r\n");
  const header = (name: string) =>
    headers.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
  const disposition = header("content-disposition") ?? "";
  const part = parameter(disposition, "name");
  if (part === undefined) return undefined;
  const filename = parameter(disposition, "filename");
  return {
    part,
    filename,
    contentType: header("content-type")?.trim(),
    content: bytes.subarray(end + HEADERS_END.length),
  };
}

/** A parameter as browsers write it: three characters are escaped, all others are UTF-8. */
function parameter(disposition: string, name: string): string | undefined {
  const text = new RegExp(`;\\s*${name}="([^"]*)"`, "i").exec(disposition)?.[1];
  return text?.replaceAll("%22", '"').replaceAll("%0D", "\r").replaceAll("%0A", "\n");
}

/** The value of a form field whose text is JSON. */
export function jsonField(text: string | undefined, param: string): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw invalid(`Invalid value for ${param}: must be JSON`, param);
  }
}
