// The types of the package `pulumi-qoder-stand-in`. They import nothing, so that its declarations need no other package.

/**
 * What happens to runs. Most values say how the work of a session ends. "never": it runs until somebody cancels it. "missed":
 * every second time of a schedule passes without a run.
 */
export type Happening =
  | "budget"
  | "done"
  | "failed"
  | "late-grading"
  | "missed"
  | "never"
  | "not-satisfied"
  | "paused-by-service"
  | "silent"
  | "waiting";

/** The options of {@link StartStandIn}. */
export interface StandInOptions {
  /** The port on 127.0.0.1. Left out: any free port. */
  readonly port?: number;
  /** The access token that the mock accepts. Left out: `pt-demo`. */
  readonly token?: string;
  /** 1: the contract of June 2026, 2: the contract since July 2026. Left out: 2. */
  readonly generation?: 1 | 2;
  /** Whether the schedules of active deployments start runs. Left out: false. */
  readonly fire?: boolean;
  /** Seconds of the service in a second. Left out: 60 with `fire`, else 1. */
  readonly speed?: number;
  /** What happens to runs, by turns. Left out: each session ends with success, 17 seconds of the service after its start. */
  readonly with?: readonly Happening[];
  /** Receives a line for each request and each event. */
  readonly log?: (line: string) => void;
}

/** A request, as the mock received it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Without the base URL and the query. */
  readonly path: string;
  readonly body: unknown;
  /** The status of the answer; undefined before it. */
  readonly status: number | undefined;
}

/** The collections of the API that {@link StandIn.live} lists. */
export type Collection = "agents" | "deployments" | "environments" | "memoryStores" | "vaults";

/** A running mock of the API. */
export interface StandIn {
  /** The environment variables of a program or a command that uses the mock. */
  readonly environment: Readonly<Record<"QODER_BASE_URL" | "QODER_PAT", string>>;
  /** The variables in place of `QODER_PAT`: the key of a service account, and the host that exchanges it for a token. */
  readonly serviceAccount: Readonly<Record<"QODER_SA_KEY" | "QODER_OPENAPI_BASE_URL", string>>;
  /** The seed of what the mock chose where the pages of the API leave it free; undefined if `QODER_API_LATITUDE` is `off`. */
  readonly latitude: number | undefined;
  /** The ids of an agent and an environment that exist from the start. */
  readonly agentId: string;
  readonly environmentId: string;
  /** The requests in the order of their arrival. */
  requests(): readonly ReceivedRequest[];
  /** The objects that are not archived, as replies of the API show them. */
  live(collection: Collection): readonly Readonly<Record<string, unknown>>[];
  /** Starts a run as a person at the console does, and returns its id. */
  run(deploymentId: string): string;
  close(): Promise<void>;
}

/**
 * Starts a mock of the Qoder Cloud Agents API on this machine, for demonstrations and for tests of programs.
 *
 * ```typescript
 * const standIn = await startStandIn({ with: ["waiting", "done"] });
 * // Run `pulumi up` with standIn.environment, then look at standIn.requests() and standIn.live("deployments").
 * await standIn.close();
 * ```
 */
export type StartStandIn = (options?: StandInOptions) => Promise<StandIn>;

export declare const startStandIn: StartStandIn;
