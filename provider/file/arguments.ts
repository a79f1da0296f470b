import type * as pulumi from "@pulumi/pulumi";
import type { RemarkKind } from "../resource/plan-remark";

/**
 * The arguments of a {@link QoderFile}. A file at Qoder never changes, so any change uploads a new one: its id moves into the
 * deployments that name it in the same `pulumi up`, and then the old file is deleted.
 */
export interface QoderFileArgs {
  /**
   * The file to upload, absolute or from the working directory of the program: text of at most 5 MB. It is read while the program
   * runs. The state has its digest, and neither where it is nor what is in it. Give this or `content`.
   */
  readonly source?: string | undefined;
  /** The text itself, which the state has as well, so nothing that is secret. Give this or `source`. */
  readonly content?: pulumi.Input<string | undefined>;
  /** What it is called at Qoder: 1 to 255 bytes. Left out: the name of `source`, or the Pulumi resource name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Labels: at most 16 keys of at most 64 characters, with values of at most 512. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /** After how many seconds the service deletes it, 3,600 (an hour) to 7,776,000 (90 days). Left out: never. */
  readonly expiresInSeconds?: pulumi.Input<number | undefined>;
  /**
   * The id (`file_...`) of an existing file to take over instead of uploading one; its name and labels must be as the arguments say, and
   * its content is taken for what they say. Counts at creation only; later changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /** Kinds of remarks that no preview tells of this file, such as `["adopt"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** What a state has of a file: the arguments, with a digest in place of where it was read. */
export interface FileInputs extends Omit<QoderFileArgs, "source" | "name"> {
  /** What it is called at Qoder. */
  readonly name: string;
  /** `sha256:` and the digest of the content. */
  readonly digest: string;
}

/** The outputs of a {@link QoderFile} that the service computes, and what it always has. */
export interface FileOutputs {
  /** See {@link QoderFileArgs.name}. */
  readonly name: string;
  /** `sha256:` and the digest of the content. */
  readonly digest: string;
  /** The name as the service holds it. */
  readonly filename: string;
  /** The type that the service took it for, such as `text/markdown`. */
  readonly mimeType: string;
  /** In bytes. */
  readonly sizeBytes: number;
  /** RFC 3339, UTC: when the service deletes it; undefined where it never does. */
  readonly expiresAt: string | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
}
