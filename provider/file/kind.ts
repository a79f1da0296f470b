import { statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Form } from "../api/request";
import { type JsonObject, timeSchema } from "../api/schema";
import type { ApiRequest } from "../api/transport";
import { files } from "../kinds/table";
import { acknowledgeField, adoptField, idOf, keptValue } from "../resource/kind/common-fields";
import { checkedText, type Field } from "../resource/kind/field";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { type BaseReply, commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { Service, Upload } from "../resource/kind/uploads";
import { digestOf } from "../skill/digests";
import type { FileInputs, FileOutputs, QoderFileArgs } from "./arguments";
import { contentProblem, largestMb } from "./source";

interface Uploaded {
  readonly name: string;
  readonly content: string;
  readonly digest: string;
}

const upload: Upload<Uploaded> = { argument: "digest", form, shown, holds, fixed: async () => ["content"] };

/** "Upload a file". */
async function form(
  { name, metadata, expires_in_seconds: seconds }: JsonObject,
  { content, digest }: Partial<Uploaded>,
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
 * No reply contains a digest, so only a download compares the content. An upload by a person may not be downloadable: then a different
 * size still proves that the content differs.
 */
async function holds(
  { client, files: { folder: source } }: Service,
  { id, size_bytes: size }: BaseReply,
  { content, digest }: Partial<Uploaded>,
): Promise<boolean | undefined> {
  const own =
    content === undefined ? statSync(source ?? "", { throwIfNoEntry: false })?.size : Buffer.byteLength(content);
  if (typeof size === "number" && own !== undefined && size !== own) {
    return false;
  }
  const held = await downloadFile(client, id).catch(() => undefined);
  return held === undefined ? undefined : digestOf(held) === digest;
}

const longestNameBytes = 255;
const name = z
  .string()
  .min(1)
  .refine((text) => Buffer.byteLength(text) <= longestNameBytes, `has more than ${longestNameBytes} bytes`);

/** An argument that the upload sends and no reply shows in the same form, so the recorded value stays. */
function sentOnce<Value extends string | number>(
  wire: string,
  schema: z.ZodType<Value>,
  leftOut: "refused" | "untouched",
): Field<Value> {
  return {
    ...keptValue(schema),
    wire,
    shownIn: "id",
    leftOut,
    replaces: true,
    change: (applied, wanted) => (wanted === undefined || applied === wanted ? undefined : wanted),
  };
}

/** The service may change characters of the name, so its form of the name is not compared. */
const filenameField: Field<string> = {
  ...sentOnce("name", name, "refused"),
  live: ({ filename }: File, own) =>
    own !== undefined && filename !== undefined && surelyKept(filename) === surelyKept(own) ? own : filename,
  describe: ({ filename }: File) => filename,
};

/** The reply shows `expires_at`; the argument is the distance between this time and the creation. */
const lifeField: Field<number> = {
  ...sentOnce("expires_in_seconds", z.int().min(3_600).max(7_776_000), "untouched"),
  live(reply: File, own) {
    const life = lifeOf(reply);
    return own !== undefined && life !== undefined && Math.abs(own - life) <= toleranceSeconds ? own : life;
  },
  describe: lifeOf,
};

/** No page says that `expires_at` counts from `created_at`: the service may take the two times one after the other, in either order. */
const toleranceSeconds = 60;

function lifeOf({ created_at: created, expires_at: ends }: File): number | undefined {
  const seconds = Math.round((Date.parse(ends ?? "") - Date.parse(created ?? "")) / 1_000);
  return Number.isNaN(seconds) ? undefined : seconds;
}

/** "API reference: files". The API has no update of a file. */
const fields = rowsOf<FileInputs>()({
  name: filenameField,
  // Compared by the digest.
  content: keptValue(checkedText(contentProblem)),
  digest: sentOnce("file", z.string().regex(/^sha256:[0-9a-f]{64}$/, "is not a digest of a file"), "refused"),
  metadata: { ...metadataField(undefined), replaces: true },
  expiresInSeconds: lifeField,
  adopt: adoptField(idOf(files)),
  acknowledge: acknowledgeField,
});
type Values = ValuesOf<typeof fields>;

// "Upload a file": the service cleans the name, and no page says how. Letters and digits of ASCII are what it surely keeps.
function surelyKept(name: string): string {
  return name.replace(/^.*[/\\]/s, "").replace(/[^A-Za-z0-9]/g, "");
}

const called = z.looseObject({ filename: z.string().optional(), name: z.string().optional() });

/** The compiler asks for every argument here. */
const written: Readonly<Record<keyof QoderFileArgs, true>> = {
  source: true,
  content: true,
  name: true,
  metadata: true,
  expiresInSeconds: true,
  adopt: true,
  acknowledge: true,
};

/** "API reference: files". The members of a file in a reply that other kinds do not have. */
const fileShape = {
  filename: z.string().optional(),
  mime_type: z.string().optional(),
  size_bytes: z.number().optional(),
  expires_at: timeSchema.nullish(),
  updated_at: timeSchema.optional(),
};
export type File = BaseReply & Readonly<z.infer<z.ZodObject<typeof fileShape>>>;

const linkSchema = z.looseObject({ url: z.url() });

/** "Get the content of a file": the reply is a link to another host, which must not receive the token. */
export async function downloadFile(client: QoderClient, id: string): Promise<Uint8Array> {
  const request: ApiRequest = { method: "GET", path: ["files", id, "content"], repeat: "safe" };
  const { url } = await client.read(request, linkSchema);
  const content = await client.send({ ...request, link: new URL(url), downloadMb: largestMb + 1 });
  return content.body instanceof Uint8Array ? content.body : new Uint8Array();
}

/** "API reference: files". */
export const fileKind: ResourceKind<Values> = {
  ...files,
  reply: replyOf(fields, fileShape),
  fields,
  written: Object.keys(written),
  insteadOf: { path: 'write source: "..."', file: 'write source: "..."', filename: 'write name: "..."' },
  outputs: {
    filename: { recorded: z.string(), read: ({ filename }: File) => filename },
    mimeType: { recorded: z.string(), read: ({ mime_type: type }: File) => type },
    sizeBytes: { recorded: z.number(), read: ({ size_bytes: size }: File) => size },
    expiresAt: { recorded: z.string(), read: ({ expires_at: at }: File) => at ?? null },
    createdAt: commonOutputRows.createdAt,
  } satisfies OutputRows<Omit<FileOutputs, keyof FileInputs>>,
  naming: {
    isFree: true,
    identity(object) {
      const { filename, name: given } = called.safeParse(object).data ?? {};
      return filename ?? given;
    },
    surelyKept,
  },
  upload,
  removal: {
    staysInUse: true,
    endsAt: ({ expiresAt }: Partial<FileOutputs>) => expiresAt,
    deletes: () => true,
  },
};
