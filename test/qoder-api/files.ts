import { z } from "zod";
import { ApiError, conflict, invalid } from "./errors";
import { formOf } from "./exchange";
import { ManagedObjects, type Owner, type SharedFields, type StoredObject } from "./managed-objects";
import { type FilePart, type Form, jsonField } from "./multipart";
import { isNamed, objectRoutes, pageQuery, type Routes } from "./object-routes";
import { deletions, mergedMetadata, metadata, parseBody } from "./parse";
import { microseconds, type Service } from "./service";
import type { Switches } from "./switches";
import type { FileMetadata, JsonObject } from "./wire";

type FileFields = SharedFields &
  Omit<FileMetadata, "type" | "metadata" | "expires_at" | "size_bytes"> & { expires_at: string | null };

export interface StoredFile extends StoredObject {
  fields: FileFields;
  content: Buffer;
}

/** "Upload a file" says about 5 MB. */
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_NAME_BYTES = 255;
const MAX_METADATA_BYTES = 8 * 1024;
const SHORTEST_LIFE_SECONDS = 3_600;
const LONGEST_LIFE_SECONDS = 7_776_000;
const SECOND_MILLISECONDS = 1_000;

const formSchema = z.strictObject({
  name: z
    .string()
    .min(1, "must not be empty")
    .refine((text) => Buffer.byteLength(text) <= MAX_NAME_BYTES, `must be at most ${MAX_NAME_BYTES} bytes`)
    .optional(),
  metadata: metadata.nullable().optional(),
  expires_in_seconds: z.int().min(SHORTEST_LIFE_SECONDS).max(LONGEST_LIFE_SECONDS).nullable().optional(),
});
const editSchema = formSchema.pick({ metadata: true });

/** The types by the ends of names, for a part without a type. */
const TYPES: Record<string, string> = {
  csv: "text/csv",
  html: "text/html",
  json: "application/json",
  md: "text/markdown",
};
const UNTOLD_TYPE = "application/octet-stream";

export class Files extends ManagedObjects<StoredFile, FileMetadata> {
  readonly #isInUse: (fileId: string) => boolean;

  constructor(service: Service, isInUse: (fileId: string) => boolean) {
    super(service, {
      noun: "File",
      duplicateNames: (switches) => switches.duplicateUploads,
    });
    this.#isInUse = isInUse;
  }

  /** "Upload a file": a form with one part `file`, and fields. */
  create(owner: Owner, form: Form): StoredFile {
    const { switches } = this.service;
    const given = parseForm(form, switches);
    const [file, ...others] = form.files.filter(({ part }) => part === "file");
    if (file === undefined) throw invalid("Missing required field: file", "file");
    if (others.length > 0) throw invalid("Invalid value for file: must be one file", "file");
    refuseContent(file);
    const life = given.expires_in_seconds ?? null;
    const filename = cleaned(given.name ?? file.filename, switches);
    const fields = this.#blank({
      filename,
      mime_type: typeOf(file, filename),
      metadata: mergedMetadata({}, given.metadata ?? {}, deletions(true)),
      expires_at: life === null ? null : this.#after(life),
    });
    this.refuseTakenName(owner, fields);
    return this.add({ id: fields.id, owner, fields, content: file.content });
  }

  override nameOf({ filename }: FileFields): string {
    return filename;
  }

  place(owner: Owner, content: Buffer, overrides: Partial<FileFields> = {}): StoredFile {
    const fields = this.#blank(overrides);
    return this.add({ id: fields.id, owner, fields, content });
  }

  #blank(overrides: Partial<FileFields>): FileFields {
    return {
      ...this.newborn(this.service.makeId("file")),
      filename: "file.txt",
      mime_type: "text/plain",
      downloadable: false,
      scope: null,
      expires_at: null,
      ...overrides,
    };
  }

  /** Changes a file as a person at the console does; no page has an endpoint for this. */
  update(stored: StoredFile, body: unknown): StoredFile {
    const patch = parseBody(editSchema, body, this.service.switches);
    const labels = patch.metadata ?? {};
    return this.apply(stored, patch, () => ({
      ...stored.fields,
      metadata: mergedMetadata(stored.fields.metadata, labels, deletions(false)),
    }));
  }

  /** "Delete a file" refuses a file that an active session uses. */
  override delete(stored: StoredFile): JsonObject {
    if (this.#isInUse(stored.id)) throw conflict("File is used by an active session.");
    return super.delete(stored);
  }

  /** The file; undefined if it has expired. */
  override find(owner: Owner, id: string): StoredFile | undefined {
    const stored = super.find(owner, id);
    return stored !== undefined && this.#isOver(stored) ? undefined : stored;
  }

  override newestFirst(owner: Owner): StoredFile[] {
    return super.newestFirst(owner).filter((stored) => !this.#isOver(stored));
  }

  protected render({ fields, content }: StoredFile): FileMetadata {
    const { archived_at: _archivedAt, updated_at: _updatedAt, expires_at, ...shown } = structuredClone(fields);
    return { ...shown, type: "file", size_bytes: content.length, ...(expires_at === null ? {} : { expires_at }) };
  }

  #after(seconds: number): string {
    return microseconds(new Date(this.service.clock().getTime() + seconds * SECOND_MILLISECONDS));
  }

  #isOver({ fields }: StoredFile): boolean {
    return fields.expires_at !== null && Date.parse(fields.expires_at) <= this.service.clock().getTime();
  }
}

function parseForm({ fields }: Form, switches: Switches) {
  const { name, metadata: labels, expires_in_seconds: life } = fields;
  if (Buffer.byteLength(labels ?? "") > MAX_METADATA_BYTES) {
    throw invalid(`Invalid value for metadata: must be at most ${MAX_METADATA_BYTES} bytes`, "metadata");
  }
  const body = {
    name,
    metadata: jsonField(labels, "metadata"),
    expires_in_seconds: jsonField(life, "expires_in_seconds"),
  };
  return parseBody(formSchema, body, switches);
}

/** "Upload a file" accepts only text, and does not define text. */
function refuseContent({ content }: FilePart): void {
  if (content.length > MAX_BYTES) throw invalid(`File must be at most ${MAX_BYTES} bytes.`, "file");
  const isText = !content.includes(0) && Buffer.from(content.toString()).equals(content);
  if (!isText) throw invalid("Unsupported file type: only text files are supported.", "file");
}

/** "Upload a file": the service keeps the last component of a path, and removes or replaces characters. */
function cleaned(name: string, { fileNames }: Switches): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const printable = last.replaceAll(/\p{Cc}/gu, "");
  return (fileNames === "portable" ? printable.replaceAll(/[^\w.-]/g, "_") : printable) || "file";
}

function typeOf({ contentType }: FilePart, filename: string): string {
  if (contentType !== UNTOLD_TYPE) return contentType;
  return TYPES[filename.split(".").at(-1) ?? ""] ?? "text/plain";
}

/** This path is not below the API: a link to the content needs no token. */
export const CONTENT_PATH = "/contents/";

/** The lifetime of a link. No page has a number. */
const LIFE_MILLISECONDS = 15 * 60 * 1000;

interface Link {
  readonly file: StoredFile;
  readonly endsAt: Date;
}

/** "Get the content of a file" answers with a link to the content, which expires. */
export class FileLinks {
  readonly #links = new Map<string, Link>();

  constructor(
    private readonly service: Service,
    private readonly files: Files,
  ) {}

  make(file: StoredFile, origin: string): JsonObject {
    const { switches, clock, makeId } = this.service;
    if (!file.fields.downloadable && switches.fileContentOfUploads === 403) {
      throw new ApiError(403, "File is not downloadable.");
    }
    const token = makeId("link");
    const endsAt = new Date(clock().getTime() + LIFE_MILLISECONDS);
    this.#links.set(token, { file, endsAt });
    return { url: `${origin}${CONTENT_PATH}${token}`, expires_at: endsAt.toISOString() };
  }

  /** The file of a link. Throws for an expired link, and for a request that also sends a token. */
  open(token: string, authorization: string | undefined): StoredFile {
    if (authorization !== undefined) throw invalid("Only one way to authenticate is allowed.");
    const link = this.#links.get(token);
    if (link === undefined || link.endsAt <= this.service.clock()) throw new ApiError(403, "The link has expired.");
    return this.files.read(link.file.owner, link.file.id);
  }
}

const listQuery = z.object({ ...pageQuery, name: z.string().optional() });

export function fileRoutes(shared: Routes, { files, fileLinks }: { files: Files; fileLinks: FileLinks }): void {
  const { app } = shared;
  const found = objectRoutes(app, {
    path: "/files",
    objects: files,
    ...shared,
    listQuery,
    isListed: ({ fields }, { name }) => isNamed(fields.filename, name),
    bodies: "form",
    create: (owner, _body, request) => files.create(owner, formOf(request)),
    remove: (stored) => files.delete(stored),
    updates: "none",
    archives: "none",
  });
  app.get("/files/:id/content", (request) => fileLinks.make(found(request), `${request.protocol}://${request.host}`));
}
