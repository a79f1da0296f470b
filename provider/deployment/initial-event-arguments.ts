import type * as pulumi from "@pulumi/pulumi";
import type { QoderFile } from "../file";
import type { Named } from "../program/named";

/**
 * Where the bytes of an image or document come from: `data` in base64 with its `mediaType` (such as `image/png`), a `url`
 * that the service can reach, or the id (`file_...`) of an uploaded file.
 */
export type MediaSourceArgs =
  | {
      /** The bytes themselves. */
      readonly type: "base64";
      /** Such as `image/png`. */
      readonly mediaType: pulumi.Input<string>;
      /** In base64. */
      readonly data: pulumi.Input<string>;
    }
  | {
      /** An address. */
      readonly type: "url";
      /** One that the service can reach. */
      readonly url: pulumi.Input<string>;
    }
  | UploadedFileArgs;

/** An uploaded file, as the source of something. */
export interface UploadedFileArgs {
  /** A file at Qoder. */
  readonly type: "file";
  /** The file: a {@link QoderFile} or its id (`file_...`). */
  readonly fileId: Named<QoderFile>;
}

/** Text, at least one character. */
export interface TextBlockArgs {
  /** Tells it from the other blocks. */
  readonly type: "text";
  /** At least one character. */
  readonly text: pulumi.Input<string>;
}
/** A picture. */
export interface ImageBlockArgs {
  /** Tells it from the other blocks. */
  readonly type: "image";
  /** Where its bytes come from. */
  readonly source: pulumi.Input<MediaSourceArgs>;
}
/** A document, such as a PDF. */
export interface DocumentBlockArgs {
  /** Tells it from the other blocks. */
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
  /** Tells it from the other events. */
  readonly type: "user.message";
  /** A text, or blocks in order. */
  readonly content:
    | pulumi.Input<string>
    | pulumi.Input<readonly pulumi.Input<TextBlockArgs | ImageBlockArgs | DocumentBlockArgs>[]>;
}

/** A rubric in words. */
export interface RubricTextArgs {
  /** Tells it from a file. */
  readonly type: "text";
  /** At most 262,144 characters. */
  readonly content: pulumi.Input<string>;
}

/** An outcome that the agent works towards, and the rubric it is judged by. */
export interface DefineOutcomeArgs {
  /** Tells it from the other events. */
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
  /** Tells it from the other events. */
  readonly type: "system.message";
  /** A text, or blocks of text in order. */
  readonly content: pulumi.Input<string> | pulumi.Input<readonly pulumi.Input<TextBlockArgs>[]>;
}

/** One of the events that a run starts with. */
export type InitialEventArgs = UserMessageArgs | DefineOutcomeArgs | SystemMessageArgs;
