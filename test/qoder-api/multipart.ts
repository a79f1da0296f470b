import { invalid } from "./errors";

export interface FilePart {
  /** The name of the field. */
  readonly part: string;
  /** The name as sent, with its folders. */
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
}

export interface Form {
  readonly fields: Record<string, string>;
  readonly files: readonly FilePart[];
}

/** Parses a form (RFC 7578); undefined for any other body. */
export async function readMultipart(body: Buffer, contentType: string): Promise<Form | undefined> {
  const form = await new Response(Uint8Array.from(body), { headers: { "content-type": contentType } })
    .formData()
    .catch(() => undefined);
  if (form === undefined) return undefined;
  const fields: Record<string, string> = {};
  const files: FilePart[] = [];
  for (const [part, value] of form) {
    if (typeof value === "string") fields[part] = value;
    else
      files.push({
        part,
        filename: value.name,
        contentType: value.type,
        content: Buffer.from(await value.arrayBuffer()),
      });
  }
  return { fields, files };
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
