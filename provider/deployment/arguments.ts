import type * as pulumi from "@pulumi/pulumi";
import type { QoderAgent } from "../agent";

/** When to run. Both parts are always given; a change of one sends both. */
export interface ScheduleArgs {
  /**
   * Five cron fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12), day of week (0-7, both 0 and 7 are
   * Sunday). Lists, ranges and steps are allowed; `@daily`, seconds, `L`, `W`, `#` and `?` are not. Where day of month and day
   * of week are both given, either may fit. `spread` makes one whose minute depends on a name.
   */
  readonly expression: pulumi.Input<string>;
  /** The IANA time zone whose wall clock the expression is read on, for example `Asia/Shanghai`. */
  readonly timezone: pulumi.Input<string>;
}

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
  /** The file's id (`file_...`). */
  readonly fileId: pulumi.Input<string>;
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

/** What is checked out; left out: the repository's default branch. */
export type CheckoutArgs =
  | {
      /** The newest commit of a branch. */
      readonly type: "branch";
      /** The name of the branch. */
      readonly name: pulumi.Input<string>;
    }
  | {
      /** One commit. */
      readonly type: "commit";
      /** Its hash. */
      readonly sha: pulumi.Input<string>;
    };

/** A repository at GitHub, cloned for each run. */
export interface GitHubRepositoryArgs {
  /** Tells it from the other resources. */
  readonly type: "github_repository";
  /** The repository's address, such as `https://github.com/acme/shop`. */
  readonly url: pulumi.Input<string>;
  /**
   * Always kept as a secret. The API never returns it, so only a change in the program is seen. Removed: the list is sent
   * without it; whether the service then forgets it, its documentation does not say.
   */
  readonly authorizationToken?: pulumi.Input<string | undefined>;
  /** Left out: the default branch. */
  readonly checkout?: pulumi.Input<CheckoutArgs | undefined>;
  /** Left out: the service derives it from the repository's name. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A repository anywhere else, cloned for each run. */
export interface GitRepositoryArgs {
  /** Tells it from the other resources. */
  readonly type: "git_repository";
  /** The repository's address, such as `https://git.example.com/acme/shop.git`. */
  readonly url: pulumi.Input<string>;
  /**
   * Always kept as a secret. The API never returns it, so only a change in the program is seen. Removed: the list is sent
   * without it; whether the service then forgets it, its documentation does not say.
   */
  readonly password?: pulumi.Input<string | undefined>;
  /** Left out: the default branch. */
  readonly checkout?: pulumi.Input<CheckoutArgs | undefined>;
  /** Left out: the service derives it from the repository's name. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** An uploaded file. */
export interface FileArgs {
  /** Tells it from the other resources. */
  readonly type: "file";
  /** The file's id (`file_...`). */
  readonly fileId: pulumi.Input<string>;
  /** Left out: below `/mnt/session/uploads`. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A memory store, shared by the runs. */
export interface MemoryStoreArgs {
  /** Tells it from the other resources. */
  readonly type: "memory_store";
  /** The store's id (`memstore_...`). */
  readonly memoryStoreId: pulumi.Input<string>;
  /** Left out: the service's default. */
  readonly access?: pulumi.Input<"read_write" | "read_only" | undefined>;
  /** How the agent is to use the store: at most 4,096 characters. Left out: nothing. */
  readonly instructions?: pulumi.Input<string | undefined>;
}

/** What a run finds in its sandbox. */
export type ResourceArgs = GitHubRepositoryArgs | GitRepositoryArgs | FileArgs | MemoryStoreArgs;

/**
 * Run settings of the older generation of the API, at least one of them. Each is owned by itself: one that was never given
 * stays as it is, one that leaves the program goes back to the service's default.
 */
export interface CasConfigArgs {
  /** Whether a run starts a new session; the API documents `new_session`. */
  readonly sessionStrategy?: pulumi.Input<string | undefined>;
  /** Further tries after a failed run, 0 or more; the service's default is 0. */
  readonly maxRetries?: pulumi.Input<number | undefined>;
  /** Milliseconds after which a run is ended, 1 or more; the service's default is 300000. */
  readonly timeoutMs?: pulumi.Input<number | undefined>;
  /** How many runs may go on at the same time, 1 or more; the service's default is 1. */
  readonly maxConcurrent?: pulumi.Input<number | undefined>;
}

/** A limit of spending. Whether it counts for a run or for all, and what happens at the limit, the API does not say. */
export interface BudgetArgs {
  /** Credits, as a decimal above 0 with at most 12 digits before and 2 after the point: `"12.50"`. */
  readonly maxCreditCost: pulumi.Input<string>;
}

/** An agent at a version. */
export interface AgentReferenceArgs {
  /** Its id (`agent_...`). */
  readonly id: pulumi.Input<string>;
  /** 1 or more. Left out: the newest when it is set, as with an id alone. */
  readonly version?: pulumi.Input<number | undefined>;
}

/**
 * The arguments of a {@link QoderDeployment}. A change of any of them is an update in place that sends this argument alone,
 * unless its text says otherwise.
 */
export interface QoderDeploymentArgs {
  /** 1 to 256 characters, unique among the account's live deployments. Left out or removed: the Pulumi resource name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Free text. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * The agent that runs: a {@link QoderAgent}, its id, or its id and version. A `QoderAgent` (`agent: reporter`) means its id and
   * its version: what changes of the agent reaches the deployment in the same `up`, and the preview shows
   * `agent.version` beside it. An id alone (`agent: reporter.id`) takes the newest version when it is set, and stays at
   * that version until the id changes: it is never sent again unchanged. Adding a version sends it where another
   * one runs; removing the version changes nothing. What `getAgent` found means its id and the version that it has now. The preview
   * warns of tools of a `QoderAgent` that say `always_ask` and of custom ones, as nobody is there to answer in an unattended run; of
   * an agent that is named by its id it does not know them. Required.
   */
  readonly agent: QoderAgent | pulumi.Input<string | AgentReferenceArgs>;
  /**
   * The id (`env_...`) of the environment that the agent runs in, such as `cloud.id` of a `QoderEnvironment`; it must not be
   * archived. Required.
   */
  readonly environmentId: pulumi.Input<string>;
  /**
   * When to run. Left out: by hand only. Removed: cleared with null; where the API does not take that, an error says so and
   * names `replaceOnChanges: ["schedule"]`, which archives the deployment and creates a new one.
   */
  readonly schedule?: pulumi.Input<ScheduleArgs | undefined>;
  /**
   * What each run starts with: 1 to 50 events in order. A string is what a user says, alone or among other events: `"Go"` and
   * `["Go"]` mean `[{ type: "user.message", content: "Go" }]`. A change sends all of them. Required.
   */
  readonly initialEvents: pulumi.Input<string | readonly pulumi.Input<string | InitialEventArgs>[]>;
  /**
   * Repositories, files and memory stores that each run finds: at most 500. A change sends all of them, tokens included.
   * Left out or removed: none.
   */
  readonly resources?: pulumi.Input<readonly pulumi.Input<ResourceArgs>[] | undefined>;
  /** The vaults (`vault_...`) whose credentials a run may use: at most 50, in any order. Left out or removed: none. */
  readonly vaultIds?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512; the service counts the keys of others in
   * the 16. A change sends the changed keys alone, a removed key is sent as null. Keys that others or the service set are
   * left alone; `effectiveMetadata` shows all. Left out or removed: our keys are removed.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Run settings of the older generation. A change reads the deployment first and sends all settings that are known, as the
   * service may replace them as a whole. Left out: untouched. Removed: cleared, if this program set them.
   */
  readonly casConfig?: pulumi.Input<CasConfigArgs | undefined>;
  /**
   * Variables of each run by name. Names are letters, digits and `_`; `SERVER_ENDPOINT`, `USER_ID`, `WORK_DIR` and names that
   * start with `CAW_` or `QODER_` are reserved; values hold neither `;` nor line breaks. The API returns them to every
   * reader: credentials belong in a vault. A change sends all of them. Left out or removed: none.
   */
  readonly environmentVariables?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /** A limit of spending. Left out: untouched. Removed: cleared with null; an error where the API keeps it, as with `schedule`. */
  readonly budget?: pulumi.Input<BudgetArgs | undefined>;
  /**
   * Whether the deployment rests. Left out or removed: not managed, it stays as it is. A change is a request of its own, also
   * after a create, as the API creates deployments active. A pause by hand is drift; a pause by the service, as after a failed
   * run, is reported in the preview and left alone.
   */
  readonly paused?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`dep_...`) of an existing deployment to take over instead of creating one. What differs from the arguments is
   * sent; an argument that is left out, and would be empty in a new deployment, is cleared there. The preview names these, but
   * cannot show what the deployment holds: `npx pulumi-qoder import` takes it over as it is. Counts at creation only; later
   * changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
}
