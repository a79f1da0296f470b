import { ApiError, invalid } from "./errors";
import type { Files, StoredFile } from "./files";
import type { Service } from "./service";
import type { JsonObject } from "./wire";

/** Beside the API, as the store of the contents is: a link carries its own right. */
export const CONTENT_PATH = "/contents/";

/** No page has a figure. */
const LIFE_MILLISECONDS = 15 * 60 * 1000;

interface Link {
  readonly file: StoredFile;
  readonly endsAt: Date;
}

/** "Get the content of a file": not the content is answered but a link to it, which ends. */
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

  /** Whoever has the link, and sends no other right beside it. */
  open(token: string, authorization: string | undefined): StoredFile {
    if (authorization !== undefined) throw invalid("Only one way to authenticate is allowed.");
    const link = this.#links.get(token);
    if (link === undefined || link.endsAt <= this.#service.clock()) throw new ApiError(403, "The link has expired.");
    return this.#files.read(link.file.owner, link.file.id);
  }
}
