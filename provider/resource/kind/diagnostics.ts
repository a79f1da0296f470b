import { info, type Remark, warning } from "../../api/remark";

/**
 * The kinds of warnings and notes below the plan of a preview, the words for `qoder:diagnostics` and for the argument `acknowledge`. Each
 * with the time when a preview shows it, for docs/reference/messages.md.
 */
export const diagnosticMeanings = {
  "next-runs": "a schedule is new or changes",
  dst: "a clock change within a year skips or repeats a due time",
  "same-minute": "several deployments of one agent have the same schedule",
  overlap: "a run may take longer than the time until the next one",
  "either-day": "a schedule has both kinds of days, and either one counts",
  "leap-year": "a schedule is due in leap years only",
  "no-schedule": "an update removes the schedule",
  limits: "with `qoder:verify`: the expected cost of a new schedule is above `limits`",
  environment:
    "each run fails: the environment does not allow the MCP servers, or is self-hosted although the deployment has `resources` or `environmentVariables`",
  "paused-by-hand": "somebody paused a deployment, and the program does not set `paused`",
  "paused-by-service": "the service paused a deployment",
  "memory-stores": "a run sees several memory stores in one folder",
  repository: "the address of a repository contains a token, or lacks a user name",
  "stays-behind": "an agent changes, and a deployment that names it by its id alone keeps the version that it runs",
  "waiting-tool": "a tool of the agent waits for a person or a client",
  "expiring-file": "a scheduled deployment uses a file that expires",
  gate: "a gate starts a run, which costs credits, or is closed: `pulumi up` fails there until another run passes",
  evaluation: "an evaluation starts runs: their number and expected cost",
  network: "an environment has no `networking`, so its network is limited",
  packages: "the network or the service may refuse packages",
  "mcp-server": "no entry in `tools` lets the agent use an MCP server",
  "unknown-tool": "`tools` name a built-in tool that does not exist",
  "skill-files": "files of a skill change, are left out, or probably do not belong to it",
  "likely-mistake": "a new value is valid, and probably not what the program means",
  "plain-secret": "the state has what looks like a secret, or is one, in plain text",
  "expired-token": "the token of a credential has expired, and the service cannot renew it",
  "changed-lines": "Pulumi shows a text of lines such as `key: value` as a sorted map: the lines in order",
  "sent-again": "the outcome of the last update is unknown: the next one sends its arguments again",
  replacement: "a change replaces an object",
  version: "with `qoder:verify`: what differs between two versions of an agent, or that an update equals an older one",
  adopt: "a resource adopts an object, or ignores its `adopt` because it has one",
  account: "the program gives another `QoderProvider`; the object stays in the old account",
  shared: "two resources of the stack manage one object",
  "same-name": "two resources of the program have the same name at Qoder",
  token: "no usable token is set; the preview works without one, `pulumi up` does not",
  verify: "`qoder:verify` could not check something, or found an object of the same name",
};

/** A kind of warning or note below the plan of a preview. */
export type DiagnosticKind = keyof typeof diagnosticMeanings;

export function isDiagnosticKind(word: unknown): word is DiagnosticKind {
  return typeof word === "string" && Object.hasOwn(diagnosticMeanings, word);
}

export const diagnosticKinds: readonly DiagnosticKind[] = Object.keys(diagnosticMeanings).filter(isDiagnosticKind);

/** True if the remark says that no run starts for now, so that a time of a next run would be untrue. */
export function isPause({ kind }: Pick<PlanRemark, "kind">): boolean {
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
  readonly kind: DiagnosticKind;
  /** The lines below the text; absent if there are none. */
  readonly lines?: readonly string[];
  /** The row of this remark in the table of next runs; absent for any other remark. */
  readonly nextRuns?: NextRuns;
  /** For a remark that is printed only if several resources have it. */
  readonly together?: {
    /** The value that these resources share, and that determines the text. */
    readonly by: string;
    /** True if the resource is new or changes. A remark that only unchanged resources have is not printed. */
    readonly hasChanged: boolean;
  };
}

/** What distinguishes the remark from others of its kind. The text of a remark that resources share may be costly: see `together`. */
export function textOrGroup(remark: PlanRemark): string {
  return remark.together?.by ?? [remark.text, ...(remark.lines ?? [])].join("\n");
}

export function planWarning(kind: DiagnosticKind, text: string): PlanRemark {
  return { ...warning(text), kind };
}

export function planInfo(kind: DiagnosticKind, text: string): PlanRemark {
  return { ...info(text), kind };
}
