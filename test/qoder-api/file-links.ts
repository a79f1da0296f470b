import { ApiError, invalid } from "./errors";
import type { Files, StoredFile } from "./files";
import type { Service } from "./service";
import type { JsonObject } from "./wire";

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
  readonly #service: Service;
  readonly #files: Files;
  readonly #links = new Map<string, Link>();

  constructor(service: Service, files: Files) {
    this.#service = service;
    this.#files = files;
  }

  make(file: StoredFile, origin: string): JsonObject {
    const { switches, clock, makeId } = this.#service;
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
    if (link === undefined || link.endsAt <= this.#service.clock()) throw new ApiError(403, "The link has expired.");
    return this.#files.read(link.file.owner, link.file.id);
  }
}
