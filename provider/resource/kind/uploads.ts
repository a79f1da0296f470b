import type { QoderClient } from "../../api/client";
import type { Form } from "../../api/request";
import { asJson, type Json, type JsonObject } from "../../api/schema";
import type { ApiRequest } from "../../api/transport";
import type { PlanRemark } from "./diagnostics";
import { idempotencyKey } from "./idempotency";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";

/** The objects of a kind at the service, for a function of that kind. */
export interface Service {
  readonly client: QoderClient;
  /** `folder`: the path from which the program read the files of the resource; undefined if the program read none. */
  readonly files: { readonly folder: string | undefined };
  /** The same objects for a client with another time limit. */
  within(client: QoderClient): Service;
  get(id: string): Promise<BaseReply>;
  /** Undefined if the service itself answers 404. */
  find(id: string): Promise<BaseReply | undefined>;
  update(id: string, patch: JsonObject): Promise<BaseReply>;
  /** Throws if the reply of a success does not show the change: `missing` gives the reason. */
  act(id: string, action: string, missing: (reply: BaseReply) => string | undefined): Promise<BaseReply>;
}

/** How a kind uploads files. Bodies hold digests in place of contents; previews show them, and idempotency keys depend on them. */
export interface Upload<Arguments = Properties> {
  readonly argument: keyof Arguments & string;
  /** The parts of the request with this body. Throws for a file in `folder` whose digest is no longer the one in the body. */
  form(body: JsonObject, wanted: Partial<Arguments>, folder: string | undefined): Promise<Form>;
  /** The body for a preview, with the names and sizes of files in place of digests. */
  shown(body: JsonObject, folder: string | undefined): JsonObject;
  /** Asks the service whether the object holds these files; undefined if the service does not show them. */
  holds(service: Service, object: BaseReply, wanted: Partial<Arguments>): Promise<boolean | undefined>;
  /** For an object that holds other files: the arguments that no other upload can change. */
  fixed(service: Service, object: BaseReply, wanted: Partial<Arguments>): Promise<readonly string[]>;
  /**
   * The changed lines of the files in `folder`, for a preview that asks the service; absent for a kind whose files do not change.
   * `outputs`: the recorded ones.
   */
  changedFiles?(
    service: Service,
    id: string,
    outputs: Properties,
    wanted: Partial<Arguments>,
    folder: string,
  ): Promise<PlanRemark[]>;
  /** How an object takes other files; absent for a kind that replaces the object. */
  readonly versions?: Versions;
}

/** An object whose files have versions: each change adds a version, and older versions stay. */
interface Versions {
  /** The last part of the path that takes a version. */
  readonly path: string;
  /** The newest version, which may be an older one again. */
  newest(outputs: Properties): Json;
  /** The time at which the newest version was made, in milliseconds since the epoch; undefined if its number does not show it. */
  madeAt(outputs: Properties): number | undefined;
  /** The members of the object that the answer to a new version shows. */
  object(id: string, answer: unknown): BaseReply | undefined;
}

export interface FileSource {
  /** The path from which the program read the files; undefined if it read none. */
  readonly folder: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  /** Runs work that holds files in memory, few at a time. */
  inTurn<Result>(work: () => Promise<Result>): Promise<Result>;
}
export const noFiles: FileSource = { folder: undefined, origin: "", inTurn: (work) => work() };

/** Sends the request with the files that its body names. */
export async function withFiles<Result>(
  upload: Upload | undefined,
  files: FileSource,
  request: ApiRequest,
  wanted: Properties,
  send: (complete: ApiRequest) => Promise<Result>,
): Promise<Result> {
  if (upload === undefined) {
    return send(request);
  }
  // Uploads run few at a time: each holds its files in memory until the answer.
  return files.inTurn(async () => {
    const { body = {}, ...others } = request;
    return send({ ...others, form: await upload.form(body, wanted, files.folder) });
  });
}

/**
 * The key of a new version: the same in every process that goes from the same state to the same files, so another try after a lost
 * answer adds no second version. The newest recorded version and the time of the object's last change are a part of the key: if the same
 * files come back later, or somebody deletes the newest version, the service must not repeat its older answer.
 */
export function versionKey(
  versions: Versions,
  { client, files }: { readonly client: QoderClient; readonly files: FileSource },
  id: string,
  body: JsonObject,
  outputs: Properties,
): string {
  const seed = { ...body, newest: versions.newest(outputs), updatedAt: asJson(outputs["updatedAt"] ?? null) };
  return idempotencyKey(files.origin, seed, 0, client.account.workspaceId, id);
}
