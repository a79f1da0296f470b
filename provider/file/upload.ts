import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { QoderError } from "../api/errors";
import type { Form } from "../api/form";
import type { JsonObject } from "../api/schema";
import type { Service, Upload } from "../resource/kind";
import type { BaseReply } from "../resource/outputs";
import { digestOf } from "../skill/digests";

interface Values {
  readonly name: string;
  readonly content: string;
  readonly digest: string;
}

export const upload: Upload<Values> = { argument: "digest", form, shown, holds };

/** "Upload a file". */
async function form(
  { name, metadata, expires_in_seconds: seconds }: JsonObject,
  { content, digest }: Partial<Values>,
  source: string | undefined,
): Promise<Form> {
  const bytes = content ?? (await readFile(source ?? "").catch(() => undefined));
  if (bytes === undefined || digestOf(bytes) !== digest) {
    const what = bytes === undefined ? "cannot be read any more" : "changed after the program had read it";
    throw new QoderError(`the file ${what}, so nothing was sent; run the same command again`);
  }
  const filename = String(name);
  return [
    { name: "file", content: bytes, file: { name: filename, type: typeOf(filename) } },
    { name: "name", content: filename },
    ...(metadata === undefined ? [] : [{ name: "metadata", content: JSON.stringify(metadata) }]),
    ...(seconds === undefined ? [] : [{ name: "expires_in_seconds", content: String(seconds) }]),
  ];
}

/** The media type for each file extension; the service records the type of the part. */
const types: Readonly<Record<string, string>> = {
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  md: "text/markdown",
};

function typeOf(name: string): string {
  const end = name.split(".").at(-1)?.toLowerCase() ?? "";
  return (Object.hasOwn(types, end) ? types[end] : undefined) ?? "text/plain";
}

function shown({ file, ...others }: JsonObject, source: string | undefined): JsonObject {
  const size = source === undefined || source === "" ? undefined : statSync(source, { throwIfNoEntry: false })?.size;
  return { file: size === undefined ? (file ?? null) : `${size} bytes`, ...others };
}

/**
 * No reply contains a digest, and an upload by a person may not be downloadable. So only a different size proves that the
 * content differs.
 */
async function holds(
  { files: { folder: source } }: Service,
  { size_bytes: size }: BaseReply,
  { content }: Partial<Values>,
): Promise<boolean | undefined> {
  const own =
    content === undefined ? statSync(source ?? "", { throwIfNoEntry: false })?.size : Buffer.byteLength(content);
  return typeof size === "number" && own !== undefined && size !== own ? false : undefined;
}
