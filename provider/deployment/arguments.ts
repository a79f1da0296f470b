import type * as pulumi from "@pulumi/pulumi";
import type { QoderAgent } from "../agent";
import type { InitialEventArgs } from "./initial-event-arguments";
import type { ResourceArgs } from "./resource-arguments";

export type * from "./initial-event-arguments";
export type * from "./resource-arguments";

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
   * warns of tools of a `QoderAgent` that say `always_ask` and of custom ones: nobody answers them in an unattended run, which then
   * waits for ever. The preview does not know the tools of an agent that is named by its id. Required.
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
