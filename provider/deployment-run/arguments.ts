import type * as pulumi from "@pulumi/pulumi";
import type { GetDeploymentResult, QoderDeployment } from "../deployment";
import type { Named } from "../program/named";
import type { RemarkKind } from "../resource/plan-remark";

/** What `up` waits for. */
export interface WaitForResultArgs {
  /**
   * How long `up` waits for the end of the session, in whole seconds from 1 on; 3600 where it is left out. `customTimeouts`, where they
   * are set, bound the start and the wait together.
   */
  readonly timeoutSeconds?: pulumi.Input<number | undefined>;
  /**
   * Whether the outcome (`user.define_outcome` among the `initialEvents` of the deployment) must be `satisfied`. Left out: the work
   * must be done, whatever its graders found.
   */
  readonly satisfied?: pulumi.Input<boolean | undefined>;
}

/**
 * The arguments of a {@link QoderDeploymentRun}. A change of `deploymentId` or `triggers` replaces the resource, which starts another
 * run.
 */
export interface QoderDeploymentRunArgs {
  /**
   * The deployment to run: a {@link QoderDeployment}, its id (`dep_...`), or what `getDeployment` found. It must be active: a paused or
   * archived one starts no run.
   */
  readonly deploymentId: Named<QoderDeployment, GetDeploymentResult>;
  /**
   * When to run again: a map or list of any values, such as the commit or the version of the agent. Another value, at any depth, starts
   * another run; the order of members does not count, and one that is null is none. They are kept in the state, secret where they are,
   * and not sent to the service. Left out, or empty: it runs once.
   */
  readonly triggers?: pulumi.Input<Readonly<Record<string, unknown>> | readonly unknown[] | undefined>;
  /**
   * Makes the run a gate: `up` waits for the end of its session, and fails where the work failed, waits for somebody, was cancelled or
   * stopped by its budget. What depends on the resource is left as it was then. A run that failed stays failed until `triggers` change.
   * Left out: `up` does not wait. A change of this argument starts no run.
   */
  readonly waitForResult?: pulumi.Input<true | WaitForResultArgs | undefined>;
  /** Kinds of remarks that no preview tells of this run, such as `["verify"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** Why a run has no session, or why its work failed. */
export interface RunError {
  /** For example `agent_archived_error`. */
  readonly type: string;
  /** What the service says of it. */
  readonly message: string;
}

/** The outputs of a {@link QoderDeploymentRun} that the service computes, and the argument that it always has. */
export interface DeploymentRunOutputs {
  /** See {@link QoderDeploymentRunArgs.deploymentId}. */
  readonly deploymentId: string;
  /** The session that it started, `sess_...`. Not set while the older generation of the API has not begun it. */
  readonly sessionId: string | undefined;
  /**
   * Why there is no session, of a run that is looked up, or why its work failed. A run of this program that could not start is an
   * error of `up`.
   */
  readonly error: RunError | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** The version of the agent that it runs. */
  readonly agentVersion: number;
  /**
   * What became of the work, as `pulumi-qoder status` calls it: `done`, `failed`, `running`, `waiting for somebody`, `not satisfied` ...
   * As `up` or the last refresh found it. Set with `waitForResult`, and of a run that is looked up.
   */
  readonly result: string | undefined;
  /** What it has cost so far, as far as the service tells. Set with `result`. */
  readonly credits: number | undefined;
  /** What the last grading of its outcome said: `satisfied`, `failed`, `max_iterations_reached` ... Set with `result`, if anything was graded. */
  readonly outcome: string | undefined;
}
