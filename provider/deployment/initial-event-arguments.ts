import type * as pulumi from "@pulumi/pulumi";
import type { QoderFile } from "../file";
import type { Named } from "../program/resource";

/**
 * The source of an image or document: `data` in base64 with its `mediaType` (such as `image/png`), a `url` that the service
 * can reach, or the id (`file_...`) of an uploaded file.
 */
export type MediaSourceArgs =
  | {
      /** The program contains the bytes. */
      readonly type: "base64";
      /** The media type of the bytes, such as `image/png`. */
      readonly mediaType: pulumi.Input<string>;
      /** The bytes in base64. */
      readonly data: pulumi.Input<string>;
    }
  | {
      /** The service fetches the bytes from an address. */
      readonly type: "url";
      /** The address, which the service must be able to reach. */
      readonly url: pulumi.Input<string>;
    }
  | UploadedFileArgs;

/** An uploaded file as the source of an image, a document or a rubric. */
export interface UploadedFileArgs {
  /** Marks the source as a file at Qoder. */
  readonly type: "file";
  /** The file: a {@link QoderFile} or its id (`file_...`). */
  readonly fileId: Named<QoderFile>;
}

/** A block of text. */
export interface TextBlockArgs {
  /** The kind of block. */
  readonly type: "text";
  /** At least one character. */
  readonly text: pulumi.Input<string>;
}
/** A picture. */
export interface ImageBlockArgs {
  /** The kind of block. */
  readonly type: "image";
  /** Where its bytes come from. */
  readonly source: pulumi.Input<MediaSourceArgs>;
}
/** A document, such as a PDF. */
export interface DocumentBlockArgs {
  /** The kind of block. */
  readonly type: "document";
  /** Where its bytes come from. */
  readonly source: pulumi.Input<MediaSourceArgs>;
  /** What the document is called. Left out: nothing. */
  readonly title?: pulumi.Input<string | undefined>;
  /** What the agent should know about the document. Left out: nothing. */
  readonly context?: pulumi.Input<string | undefined>;
}

/** What the user says. A string is the short form of one text block. */
export interface UserMessageArgs {
  /** The kind of event. */
  readonly type: "user.message";
  /** A text, or blocks in order. */
  readonly content:
    | pulumi.Input<string>
    | pulumi.Input<readonly pulumi.Input<TextBlockArgs | ImageBlockArgs | DocumentBlockArgs>[]>;
}

/** A rubric in words. */
export interface RubricTextArgs {
  /** The kind of rubric. */
  readonly type: "text";
  /** At most 262,144 characters. */
  readonly content: pulumi.Input<string>;
}

/** An outcome that the agent works towards, and the rubric it is judged by. */
export interface DefineOutcomeArgs {
  /** The kind of event. */
  readonly type: "user.define_outcome";
  /** The outcome in words, at least one character. */
  readonly description: pulumi.Input<string>;
  /** What it is judged by: a text of at most 262,144 characters, or a file. */
  readonly rubric: pulumi.Input<RubricTextArgs | UploadedFileArgs>;
  /** How often the agent may try, 1 to 20; left out: 3. */
  readonly maxIterations?: pulumi.Input<number | undefined>;
}

/** An instruction beside the user's message. At most one, as the last event and right after a `user.message`. */
export interface SystemMessageArgs {
  /** The kind of event. */
  readonly type: "system.message";
  /** A text, or blocks of text in order. */
  readonly content: pulumi.Input<string> | pulumi.Input<readonly pulumi.Input<TextBlockArgs>[]>;
}

/** One of the events that a run starts with. */
export type InitialEventArgs = UserMessageArgs | DefineOutcomeArgs | SystemMessageArgs;
