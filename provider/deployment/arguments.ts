import type * as pulumi from "@pulumi/pulumi";
import type { QoderAgent } from "../agent";
import type { GetAgentResult } from "../agent/arguments";
import type { GetEnvironmentResult, QoderEnvironment } from "../environment";
import type { QoderFile } from "../file";
import type { QoderMemoryStore } from "../memory-store";
import type { Applied, CommonOutputs, IdInput } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";
import type { QoderVault } from "../vault";

/** The times of the runs. Both members are required, and an update always sends both. */
export interface DeploymentSchedule {
  /**
   * Five cron fields: minute (0-59), hour (0-23), day of month (1-31), month (1-12), day of week (0-7, both 0 and 7 are Sunday). Lists,
   * ranges and steps are allowed; `@daily`, seconds, `L`, `W`, `#` and `?` are not. If both day of month and day of week are restricted, a
   * day that matches either one counts. In TypeScript, `spread` makes an expression whose minute depends on a name.
   */
  readonly expression: pulumi.Input<string>;
  /** The IANA time zone of the expression, for example `Asia/Shanghai`. */
  readonly timezone: pulumi.Input<string>;
}

/**
 * Run settings of the older generation of the API, at least one. Each setting is managed only if you set it. Removing a setting resets it
 * to the service's default.
 */
export interface DeploymentCasConfig {
  /** How a run gets its session; the API documents `new_session`. */
  readonly sessionStrategy?: pulumi.Input<string | undefined>;
  /** The number of retries after a failed run, 0 or more; the service's default is 0. */
  readonly maxRetries?: pulumi.Input<number | undefined>;
  /** The number of milliseconds after which the service ends a run, 1 or more; the service's default is 300000. */
  readonly timeoutMs?: pulumi.Input<number | undefined>;
  /** The number of runs at the same time, 1 or more; the service's default is 1. */
  readonly maxConcurrent?: pulumi.Input<number | undefined>;
}

/**
 * A limit of spending, which the service applies. The API does not say if the limit counts for one run or for all runs, nor how a run ends
 * at the limit.
 */
export interface DeploymentBudget {
  /** The limit in credits: a decimal above 0 with at most 12 digits before and 2 after the point, such as `"12.50"`. */
  readonly maxCreditCost: pulumi.Input<string>;
}

/** Thresholds for the runs of a deployment and the credits that they cost, at least one. */
export interface DeploymentLimits {
  /** The credits of a day, above 0. */
  readonly creditsPerDay?: pulumi.Input<number | undefined>;
  /** The credits of a month, above 0. */
  readonly creditsPerMonth?: pulumi.Input<number | undefined>;
  /** The runs of a day, a whole number from 1: a threshold that needs no costs. */
  readonly runsPerDay?: pulumi.Input<number | undefined>;
}

/** An agent with the version that runs. */
export interface DeploymentAgentReference {
  /** The agent: a {@link QoderAgent}, its id (`agent_...`), or what `getAgent` found. */
  readonly id: IdInput<QoderAgent, GetAgentResult>;
  /** The version, 1 or more. Left out: the newest version at the time of the update, as with an id alone. */
  readonly version?: pulumi.Input<number | undefined>;
}

/**
 * The arguments of a {@link QoderDeployment}. A changed argument updates the deployment in place, and the request holds this argument only,
 * unless the text of the argument says otherwise.
 */
export interface QoderDeploymentArgs {
  /** 1 to 256 characters, unique among the account's live deployments. Left out: the Pulumi resource name. Removed: the object keeps its name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Free text. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * The agent that runs: a {@link QoderAgent}, its id (`agent_...`), or its id and version. With the id and the version of an agent of this
   * program, the deployment moves to each new version in the same `pulumi up`. In TypeScript, `agent: reporter` passes both. An id alone
   * takes the newest version once, and keeps it until the id changes. The result of `getAgent` passes its id and current version. The
   * preview warns of tools of the agent that wait for a person, because in an unattended run nobody answers. Required.
   */
  readonly agent: IdInput<QoderAgent, DeploymentAgentReference | GetAgentResult>;
  /**
   * The environment that the agent runs in: a {@link QoderEnvironment}, its id (`env_...`), or what `getEnvironment` found. It must not be
   * archived. Required.
   */
  readonly environmentId: IdInput<QoderEnvironment, GetEnvironmentResult>;
  /**
   * The times of the runs. Other spaces, or another name of the same zone, change nothing. Left out: no scheduled runs. Removed: the update
   * deletes the schedule; if the API keeps it, the error names `replaceOnChanges: ["schedule"]`, which archives the deployment and creates
   * a new one.
   */
  readonly schedule?: pulumi.Input<DeploymentSchedule | undefined>;
  /**
   * The first events of each run: 1 to 50, in order. A text is a message of the user, alone or among other events: `"Go"` is short for `[{
   * type: "user.message", content: "Go" }]`. An update sends all events. Required.
   */
  readonly initialEvents: pulumi.Input<string | readonly pulumi.Input<string | DeploymentInitialEvent>[]>;
  /**
   * The repositories, files and memory stores in the sandbox of each run: at most 500. An update sends the whole list, including tokens.
   * Left out or removed: none.
   */
  readonly resources?: pulumi.Input<readonly pulumi.Input<DeploymentResource>[] | undefined>;
  /**
   * The vaults whose credentials a run may use, by their ids (`vault_...`): at most 50, in any order. In TypeScript, also a {@link
   * QoderVault}. Left out or removed: none.
   */
  readonly vaultIds?: pulumi.Input<readonly IdInput<QoderVault>[] | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. Keys that other people set count among the 16. An update
   * sends only the keys that changed, and null for each removed key. Keys that other people or the service set stay; `effectiveMetadata`
   * shows all keys. Left out or removed: the keys of this program are removed.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Run settings of the older generation. An update reads the deployment and then sends all of its settings, because the service may
   * replace them as a whole. Left out: not managed. Removed: cleared, if this program set them.
   */
  readonly casConfig?: pulumi.Input<DeploymentCasConfig | undefined>;
  /**
   * The environment variables of each run, by name. Names are letters, digits and `_`, not starting with a digit; `SERVER_ENDPOINT`,
   * `USER_ID`, `WORK_DIR` and names that start with `CAW_` or `QODER_` are reserved; values hold neither `;` nor line breaks. The API shows
   * the values to every reader of the deployment: credentials belong in a vault. An update sends all variables. Left out or removed: none.
   */
  readonly environmentVariables?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * The limit of spending that the service applies; `12.5` equals `12.50`. Left out: not managed. Removed: the update sends null, and fails
   * if the API keeps the limit.
   */
  readonly budget?: pulumi.Input<DeploymentBudget | undefined>;
  /**
   * Thresholds for the credits of a day and of a month. They stop nothing by themselves: the command `pulumi-qoder limits --stack` compares
   * them with what was spent, and with `--pause` it pauses a deployment above its threshold. With `qoder:verify` the preview warns of a new
   * schedule whose expected cost is above them. Never sent: the state keeps it. Left out or removed: no threshold.
   */
  readonly limits?: pulumi.Input<DeploymentLimits | undefined>;
  /**
   * The names of the files that each run delivers, such as `report.md`. A run that is done and lacks one, or whose file is empty, is a problem
   * in `pulumi-qoder status --stack` and `logs --stack`, and a gate of the same program then fails. An empty list expects none. Never sent:
   * the state keeps it. Left out or removed: `status --since` expects what each of the five runs before delivered.
   */
  readonly expectedArtifacts?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /**
   * True if the deployment is paused. Pausing and unpausing are requests of their own, also after a create, because the API creates active
   * deployments. If a person pauses or starts the deployment, that is drift: after a refresh, the next `pulumi up` undoes it. A pause by the
   * service stays, for example after a failed run, and the preview warns of it. Left out or removed: not managed.
   */
  readonly paused?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`dep_...`) of an existing deployment that this resource adopts instead of creating one. The provider sends the arguments that
   * differ, and clears each argument that the program leaves out and a new deployment has empty. The preview names these arguments
   * without their present values. In TypeScript, `npx pulumi-qoder import` imports a deployment unchanged. Only the creation of the
   * resource reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this deployment, such as `["dst"]`. A warning ends with its kind in
   * brackets. Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The branch or commit to check out. */
export type DeploymentCheckout =
  | {
      /** The newest commit of a branch. */
      readonly type: "branch";
      /** The name of the branch. */
      readonly name: pulumi.Input<string>;
    }
  | {
      /** One commit. */
      readonly type: "commit";
      /** The hash of the commit. */
      readonly sha: pulumi.Input<string>;
    };

/** A repository at GitHub, which the service clones for each run. */
export interface DeploymentGitHubRepository {
  /** The kind of resource. */
  readonly type: "github_repository";
  /** The repository's address, such as `https://github.com/acme/shop`. */
  readonly url: pulumi.Input<string>;
  /**
   * The token for a private repository. Always a secret. The API never returns it, so the provider notices only changes in the program.
   * Removed: the update sends the list without it; whether the service then forgets it is not documented.
   */
  readonly authorizationToken?: pulumi.Input<string | undefined>;
  /** The branch or commit to check out. Left out: the default branch. */
  readonly checkout?: pulumi.Input<DeploymentCheckout | undefined>;
  /** The path in the sandbox. Left out: the service derives the path from the name of the repository. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A repository at another host, which the service clones for each run. */
export interface DeploymentGitRepository {
  /** The kind of resource. */
  readonly type: "git_repository";
  /** The repository's address, such as `https://git.example.com/acme/shop.git`. */
  readonly url: pulumi.Input<string>;
  /**
   * The password for a private repository. Always a secret. The API never returns it, so the provider notices only changes in the program.
   * Removed: the update sends the list without it; whether the service then forgets it is not documented.
   */
  readonly password?: pulumi.Input<string | undefined>;
  /** The branch or commit to check out. Left out: the default branch. */
  readonly checkout?: pulumi.Input<DeploymentCheckout | undefined>;
  /** The path in the sandbox. Left out: the service derives the path from the name of the repository. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** An uploaded file. */
export interface DeploymentFileMount {
  /** The kind of resource. */
  readonly type: "file";
  /** The file: a {@link QoderFile} or its id (`file_...`). */
  readonly fileId: IdInput<QoderFile>;
  /** The path in the sandbox. Left out: below `/mnt/session/uploads`. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A memory store, which all runs share. */
export interface DeploymentMemoryStoreMount {
  /** The kind of resource. */
  readonly type: "memory_store";
  /** The store: a {@link QoderMemoryStore} or its id (`memstore_...`). */
  readonly memoryStoreId: IdInput<QoderMemoryStore>;
  /** How runs may use the store: `read_write` or `read_only`. Left out: the service's default. */
  readonly access?: pulumi.Input<"read_write" | "read_only" | undefined>;
  /** Instructions to the agent about the store: at most 4,096 characters. Left out: none. */
  readonly instructions?: pulumi.Input<string | undefined>;
}

/** A repository, file or memory store in the sandbox of a run. */
export type DeploymentResource =
  | DeploymentGitHubRepository
  | DeploymentGitRepository
  | DeploymentFileMount
  | DeploymentMemoryStoreMount;

/** The agent of a deployment. */
export interface DeploymentDeployedAgent {
  /** Its id (`agent_...`). */
  readonly id: string;
  /** The pinned version; absent if the program pins none. */
  readonly version?: number | undefined;
}

/** The failure for which the service paused a deployment. */
export interface DeploymentPausedReasonError {
  /** The type of the failure, for example `agent_archived_error`. */
  readonly type: string;
}

/** The reason of a pause. */
export interface DeploymentPausedReason {
  /** `manual`: a person or `paused: true` paused the deployment. `error`: the service did, after a run failed. */
  readonly type: string;
  /** The failure, with the type `error` only. */
  readonly error?: DeploymentPausedReasonError | undefined;
}

/** The outputs of a {@link QoderDeployment} that the service computes, and the arguments whose outputs have another form. */
export interface DeploymentOutputs extends CommonOutputs {
  /** The name at Qoder. */
  readonly name: string;
  /** See {@link QoderDeploymentArgs.agent}. */
  readonly agent: string | DeploymentDeployedAgent;
  /** See {@link QoderDeploymentArgs.environmentId}. */
  readonly environmentId: string;
  /** The events with which each run starts; each text has become an event. */
  readonly initialEvents: Applied<readonly DeploymentInitialEvent[]>;
  /** See {@link QoderDeploymentArgs.vaultIds}, as ids. */
  readonly vaultIds: string[] | undefined;
  /** `active` or `paused`, whoever paused it. */
  readonly status: string;
  /** Set exactly while the deployment is paused. */
  readonly pausedReason: DeploymentPausedReason | undefined;
  /** The version of the agent that runs, also if the program pins none. */
  readonly agentVersion: number;
  /** The times of the next runs, at most 5, RFC 3339 in UTC; empty without a schedule. As of the last `up` or `refresh`. */
  readonly upcomingRunsAt: string[];
  /** The time of the last run, scheduled or by hand; undefined before the first run. As of the last `up` or `refresh`. */
  readonly lastRunAt: string | undefined;
}

/**
 * The source of an image or document: `data` in base64 with its `mediaType` (such as `image/png`), a `url` that the service
 * can reach, or the id (`file_...`) of an uploaded file.
 */
export type DeploymentMediaSource =
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
  | DeploymentUploadedFile;

/** An uploaded file as the source of an image, a document or a rubric. */
export interface DeploymentUploadedFile {
  /** Marks the source as a file at Qoder. */
  readonly type: "file";
  /** The file: a {@link QoderFile} or its id (`file_...`). */
  readonly fileId: IdInput<QoderFile>;
}

/** A block of text. */
export interface DeploymentTextBlock {
  /** The kind of block. */
  readonly type: "text";
  /** At least one character. */
  readonly text: pulumi.Input<string>;
}
/** A picture. */
export interface DeploymentImageBlock {
  /** The kind of block. */
  readonly type: "image";
  /** The source of the bytes. */
  readonly source: pulumi.Input<DeploymentMediaSource>;
}
/** A document, such as a PDF. */
export interface DeploymentDocumentBlock {
  /** The kind of block. */
  readonly type: "document";
  /** The source of the bytes. */
  readonly source: pulumi.Input<DeploymentMediaSource>;
  /** The title of the document. Left out: none. */
  readonly title?: pulumi.Input<string | undefined>;
  /** Information for the agent about the document. Left out: none. */
  readonly context?: pulumi.Input<string | undefined>;
}

/** A text, a picture or a document in a message. */
export type DeploymentInitialEventContent = DeploymentTextBlock | DeploymentImageBlock | DeploymentDocumentBlock;

/** A message of the user. A string is the short form of one text block. */
export interface DeploymentUserMessage {
  /** The kind of event. */
  readonly type: "user.message";
  /** A text, or blocks in order. */
  readonly content: pulumi.Input<string> | pulumi.Input<readonly pulumi.Input<DeploymentInitialEventContent>[]>;
}

/** A rubric in words. */
export interface DeploymentRubricText {
  /** The kind of rubric. */
  readonly type: "text";
  /** At most 262,144 characters. */
  readonly content: pulumi.Input<string>;
}

/** A rubric in words, or a file with one. */
export type DeploymentDefineOutcomeRubric = DeploymentRubricText | DeploymentUploadedFile;

/** An outcome that the agent works towards, and the rubric of its grading. */
export interface DeploymentDefineOutcome {
  /** The kind of event. */
  readonly type: "user.define_outcome";
  /** The outcome in words, at least one character. */
  readonly description: pulumi.Input<string>;
  /** The rubric of the grading: a text of at most 262,144 characters, or a file. */
  readonly rubric: pulumi.Input<DeploymentDefineOutcomeRubric>;
  /** The number of tries of the agent, 1 to 20. Left out: 3. */
  readonly maxIterations?: pulumi.Input<number | undefined>;
}

/** An instruction beside the user's message. At most one, as the last event and right after a `user.message`. */
export interface DeploymentSystemMessage {
  /** The kind of event. */
  readonly type: "system.message";
  /** A text, or blocks of text in order. */
  readonly content: pulumi.Input<string> | pulumi.Input<readonly pulumi.Input<DeploymentTextBlock>[]>;
}

/** One of the events that a run starts with. */
export type DeploymentInitialEvent = DeploymentUserMessage | DeploymentDefineOutcome | DeploymentSystemMessage;
