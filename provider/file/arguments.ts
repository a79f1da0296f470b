import type * as pulumi from "@pulumi/pulumi";
import type { DiagnosticKind } from "../resource/kind/diagnostics";

/**
 * The arguments of a {@link QoderFile}. A file at Qoder never changes, so any change uploads a new file. In the same
 * `pulumi up` the deployments of the program move to the new id, and the provider then deletes the old file.
 */
export interface QoderFileArgs {
  /**
   * The file to upload, absolute or relative to the folder of the project: text of at most 5 MB. Each preview and update
   * reads the file. The state keeps its digest, but neither its path nor its content. Give this or `content`.
   */
  readonly source?: string | undefined;
  /** The text to upload. The state keeps it in plain text, so it must not be a secret. Give this or `source`. */
  readonly content?: pulumi.Input<string | undefined>;
  /** The name at Qoder: 1 to 255 bytes. Left out: the name of `source`, or the Pulumi resource name; with `content`, a file keeps its name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Labels: at most 16 keys of at most 64 characters, with values of at most 512. */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * The number of seconds after which the service deletes the file: 3,600 (an hour) to 7,776,000 (90 days). Left out: never.
   */
  readonly expiresInSeconds?: pulumi.Input<number | undefined>;
  /**
   * The id (`file_...`) of an existing file that this resource adopts instead of uploading one. Its name and labels must
   * equal the arguments, and so must its content, which the provider downloads. Only the creation of the resource reads `adopt`;
   * later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this file, such as `["adopt"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The inputs of a file in the state: the arguments, with the digest in place of `source`. */
export interface FileInputs extends Omit<QoderFileArgs, "source" | "name"> {
  /** The name at Qoder. */
  readonly name: string;
  /** The digest of the content, after `sha256:`. */
  readonly digest: string;
}

/** The outputs of a {@link QoderFile} that the service computes, and the inputs that are always set. */
export interface FileOutputs {
  /** See {@link QoderFileArgs.name}. */
  readonly name: string;
  /** The digest of the content, after `sha256:`. */
  readonly digest: string;
  /** The name as the service shows it, which may differ from `name`. */
  readonly filename: string;
  /** The media type that the service assigned, such as `text/markdown`. */
  readonly mimeType: string;
  /** The size in bytes. */
  readonly sizeBytes: number;
  /** The time at which the service deletes the file, RFC 3339 in UTC; undefined for never. */
  readonly expiresAt: string | undefined;
  /** The time of the upload, RFC 3339 in UTC. */
  readonly createdAt: string;
}
