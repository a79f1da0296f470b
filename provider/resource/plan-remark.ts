import { info, type Remark, warning } from "../api/remark";

/** The kinds of remarks of a preview: the words for `qoder:remarks` and for the argument `acknowledge`. */
export const remarkKinds = [
  "next-runs",
  "dst",
  "same-minute",
  "overlap",
  "either-day",
  "leap-year",
  "no-schedule",
  "limits",
  "environment",
  "paused-by-hand",
  "paused-by-service",
  "memory-stores",
  "repository",
  "waiting-tool",
  "expiring-file",
  "evaluation",
  "network",
  "packages",
  "mcp-server",
  "unknown-tool",
  "skill-files",
  "plain-secret",
  "expired-token",
  "changed-lines",
  "replacement",
  "version",
  "adopt",
  "account",
  "shared",
  "same-name",
  "token",
  "verify",
] as const;
/** A kind of remark that a preview gives. docs/preview.md says when it gives each. */
export type RemarkKind = (typeof remarkKinds)[number];

/** When a preview gives a remark of each kind, for the table in docs/preview.md. */
export const remarkMeanings: Readonly<Record<RemarkKind, string>> = {
  "next-runs": "a schedule is new or changes: its next runs, or that none starts while `paused` is true",
  dst: "a clock change within a year skips or repeats a time of a schedule",
  "same-minute": "several deployments of one agent have the same schedule, and one of them is new or changes",
  overlap: "a run of a schedule may take longer than the time until the next run, or runs start every minute",
  "either-day":
    "a schedule has days of the month and days of the week: it runs on each day that matches one of the two",
  "leap-year": "a schedule runs in leap years only",
  "no-schedule": "an update removes the schedule of a deployment",
  limits: "with `qoder:verify`: the runs of a new schedule usually cost more than `limits` allows",
  environment:
    "each run of a deployment fails: its environment does not allow the MCP servers of the agent, or is self-hosted",
  "paused-by-hand": "the last refresh found that somebody paused a deployment, and the program does not set `paused`",
  "paused-by-service": "the service paused a deployment",
  "memory-stores": "a run sees the entries of several memory stores in one folder",
  repository: "the address of a repository contains a token, or lacks the user name for its password",
  "waiting-tool": "the agent of a deployment has a tool that waits for the answer of a person or a client",
  "expiring-file": "a scheduled deployment uses a file that the service will delete, because of `expiresInSeconds`",
  evaluation: "an evaluation starts runs: their number and the most credits that they may cost",
  network: "an environment has a limited network, because the program gives it no `networking`",
  packages: "an environment installs packages that its network or the service may refuse",
  "mcp-server": "an agent has an entry in `mcpServers`, and none in `tools` that lets it use the tools of this server",
  "unknown-tool": "`tools` of an agent contain the name of a built-in tool that does not exist",
  "skill-files":
    "files of a skill change: their paths, and with `qoder:verify` the changed lines; or a skill leaves a file out, or contains one that probably does not belong to it, such as one with a secret",
  "plain-secret":
    "an argument or the file of a `QoderFile` contains what looks like a token, a key or a password in plain text",
  "expired-token": "the token of a credential has expired, and the service cannot renew it",
  "changed-lines":
    "a text with lines such as `key: value` changes, and Pulumi shows it as a sorted map: the changed lines",
  replacement: "a change replaces an object: the old one is archived or deleted, and a new one is created",
  version:
    "with `qoder:verify`: deployments move to another version of their agent: the differences between the two versions; or an update makes a new version of an agent that equals an older one",
  adopt: "a new resource takes over an existing object, or a resource that has an object ignores its `adopt`",
  account: "an object was last written with another `QoderProvider` than the program gives now",
  shared: "two resources of the stack manage one object",
  "same-name": "two resources of the program have the same name at Qoder",
  token: "the settings give no usable account: `pulumi up` needs one, and a preview does not",
  verify: "`qoder:verify` could not check something, or found another object of the same name",
};

export function isRemarkKind(word: unknown): word is RemarkKind {
  return remarkKinds.some((kind) => kind === word);
}

/** True if the remark says that no run starts for now, so that a time of a next run would be untrue. */
export function isPause({ kind }: PlanRemark): boolean {
  return kind === "paused-by-hand" || kind === "paused-by-service";
}

/** The next runs of one schedule, as texts for a person. */
export interface NextRuns {
  /** The time of the first run in milliseconds: the rows are sorted by it. */
  readonly at: number;
  readonly runs: readonly string[];
  readonly expression: string;
  readonly timezone: string;
  /** The replaced schedule; absent if there was none. */
  readonly before?: { readonly expression: string; readonly timezone: string; readonly runs: readonly string[] };
}

/**
 * A remark that is known before any request is sent. It is printed at the end of the command, once for all resources that have
 * the same remark (`engine/reported-together.ts`).
 */
export interface PlanRemark extends Remark {
  readonly kind: RemarkKind;
  /** The lines below the text; absent if there are none. */
  readonly lines?: readonly string[];
  /** The row of this remark in the table of next runs; absent for any other remark. */
  readonly nextRuns?: NextRuns;
  /** For a remark that is printed only if several resources have it. */
  readonly together?: {
    /** The value that these resources share, and that determines the text. */
    readonly by: string;
    /** True if the resource is new or changes. A remark that only unchanged resources have is not printed. */
    readonly isNews: boolean;
  };
}

/** What distinguishes the remark from others of its kind. The text of a remark that resources share may be costly: see `together`. */
export function textOrGroup(remark: PlanRemark): string {
  return remark.together?.by ?? [remark.text, ...(remark.lines ?? [])].join("\n");
}

export function planWarning(kind: RemarkKind, text: string): PlanRemark {
  return { ...warning(text), kind };
}

export function planInfo(kind: RemarkKind, text: string): PlanRemark {
  return { ...info(text), kind };
}
