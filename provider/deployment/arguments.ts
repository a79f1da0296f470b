import type * as pulumi from "@pulumi/pulumi";
import type { GetAgentResult, QoderAgent } from "../agent";
import type { GetEnvironmentResult, QoderEnvironment } from "../environment";
import type { QoderFile } from "../file";
import type { QoderMemoryStore } from "../memory-store";
import type { Named } from "../program/named";
import type { Applied, CommonOutputs } from "../program/resource";
import type { RemarkKind } from "../resource/plan-remark";
import type { QoderVault } from "../vault";
import type { InitialEventArgs } from "./initial-event-arguments";

export type * from "./initial-event-arguments";

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
  /** The agent: a {@link QoderAgent}, its id (`agent_...`), or what `getAgent` found. */
  readonly id: Named<QoderAgent, GetAgentResult>;
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
   * warns of tools of a `QoderAgent` that say `always_ask` and of custom ones: nobody answers them in an unattended run, which then
   * waits for ever. The preview does not know the tools of an agent that is named by its id. Required.
   */
  readonly agent: Named<QoderAgent, AgentReferenceArgs | GetAgentResult>;
  /**
   * The environment that the agent runs in: a {@link QoderEnvironment}, its id (`env_...`), or what `getEnvironment` found. It must
   * not be archived. Required.
   */
  readonly environmentId: Named<QoderEnvironment, GetEnvironmentResult>;
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
  /** The vaults whose credentials a run may use: each a {@link QoderVault} or its id (`vault_...`), at most 50, in any order. Left out or removed: none. */
  readonly vaultIds?: pulumi.Input<readonly Named<QoderVault>[] | undefined>;
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
  /** Kinds of remarks that no preview tells of this deployment, such as `["dst"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

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
  /** The file: a {@link QoderFile} or its id (`file_...`). */
  readonly fileId: Named<QoderFile>;
  /** Left out: below `/mnt/session/uploads`. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A memory store, shared by the runs. */
export interface MemoryStoreArgs {
  /** Tells it from the other resources. */
  readonly type: "memory_store";
  /** The store: a {@link QoderMemoryStore} or its id (`memstore_...`). */
  readonly memoryStoreId: Named<QoderMemoryStore>;
  /** Left out: the service's default. */
  readonly access?: pulumi.Input<"read_write" | "read_only" | undefined>;
  /** How the agent is to use the store: at most 4,096 characters. Left out: nothing. */
  readonly instructions?: pulumi.Input<string | undefined>;
}

/** What a run finds in its sandbox. */
export type ResourceArgs = GitHubRepositoryArgs | GitRepositoryArgs | FileArgs | MemoryStoreArgs;

/** The agent of a deployment. */
export interface DeployedAgent {
  /** Its id (`agent_...`). */
  readonly id: string;
  /** Set where the program pins one. */
  readonly version?: number | undefined;
}

/** Why a deployment rests. */
export interface PausedReason {
  /** `manual`: somebody paused it, or `paused: true` did. `error`: the service did, after a run failed. */
  readonly type: string;
  /** With `error`: what failed, for example `agent_archived_error`. */
  readonly error?:
    | {
        /** For example `agent_archived_error`. */
        readonly type: string;
      }
    | undefined;
}

/** The outputs of a {@link QoderDeployment} that the service computes, and those arguments that read otherwise than they are given. */
export interface DeploymentOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderDeploymentArgs.name}. */
  readonly name: string;
  /** See {@link QoderDeploymentArgs.agent}. */
  readonly agent: string | DeployedAgent;
  /** See {@link QoderDeploymentArgs.environmentId}. */
  readonly environmentId: string;
  /** See {@link QoderDeploymentArgs.initialEvents}; the short forms are written out. */
  readonly initialEvents: Applied<readonly InitialEventArgs[]>;
  /** See {@link QoderDeploymentArgs.vaultIds}, as ids. */
  readonly vaultIds: string[] | undefined;
  /** `active` or `paused`, by whomever. */
  readonly status: string;
  /** Set exactly while the deployment is paused. */
  readonly pausedReason: PausedReason | undefined;
  /** The version that runs, also when the program pins none. */
  readonly agentVersion: number;
  /** The next times it runs, RFC 3339 in UTC, up to 5; empty without a schedule. As of the last `up` or `refresh`. */
  readonly upcomingRunsAt: string[];
  /** When it ran last, by schedule or by hand; not set before the first run. As of the last `up` or `refresh`. */
  readonly lastRunAt: string | undefined;
}
