import type * as pulumi from "@pulumi/pulumi";

/** Nothing but what is allowed. */
export interface LimitedNetworkingArgs {
  readonly type: "limited";
  /** The hosts that a session may reach. Left out: none. */
  readonly allowedHosts?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Whether `packages` may be installed. Left out: false. */
  readonly allowPackageManagers?: pulumi.Input<boolean | undefined>;
  /** Whether the MCP servers of the agent may be reached. Left out: false. */
  readonly allowMcpServers?: pulumi.Input<boolean | undefined>;
}

export type NetworkingArgs = { readonly type: "unrestricted" } | LimitedNetworkingArgs;

type PackageList = pulumi.Input<readonly pulumi.Input<string>[] | undefined>;

/** What is installed before a session starts, by the names of each package manager, such as `pnpm@9`. */
export interface PackagesArgs {
  readonly apt?: PackageList;
  readonly npm?: PackageList;
  readonly pip?: PackageList;
  /** The service was seen to refuse it, as `gem` and `go`; the preview warns. */
  readonly cargo?: PackageList;
  readonly gem?: PackageList;
  readonly go?: PackageList;
}

/** Sandboxes that the service runs. */
export interface CloudConfigArgs {
  readonly type: "cloud";
  /** Left out: limited, without any permission; the preview warns. */
  readonly networking?: pulumi.Input<NetworkingArgs | undefined>;
  /** With limited networking they need `allowPackageManagers`. Left out: none. */
  readonly packages?: pulumi.Input<PackagesArgs | undefined>;
  /**
   * A script for bash, at most 65,536 bytes: run as root in each new sandbox, after the packages. Where it fails, the session
   * does not start. Left out: none. Removed: the configuration is sent without it; where the service keeps it nevertheless,
   * `pulumi refresh` shows it.
   */
  readonly setupScript?: pulumi.Input<string | undefined>;
}

/** Workers of your own. */
export interface SelfHostedConfigArgs {
  readonly type: "self_hosted";
  /** As in a cloud environment. */
  readonly setupScript?: pulumi.Input<string | undefined>;
}

export type EnvironmentConfigArgs = CloudConfigArgs | SelfHostedConfigArgs;

/**
 * The arguments of a {@link QoderEnvironment}. A change of any of them is an update in place that sends this argument alone,
 * unless its text says otherwise. It counts for sessions that start afterwards.
 */
export interface QoderEnvironmentArgs {
  /** At least one character. Left out or removed: the Pulumi resource name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** Free text. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * Where and with what agents run. It is the program's as a whole: a change sends all of it, and what somebody else set inside is
   * drift. Another `type` replaces the environment. Left out or removed: `{ type: "cloud" }`.
   */
  readonly config?: pulumi.Input<EnvironmentConfigArgs | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. A change sends the changed keys alone, a removed
   * key is sent as null. Keys that others set are left alone; `effectiveMetadata` shows all.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * The id (`env_...`) of an existing environment to take over instead of creating one. What differs from the arguments is sent.
   * Counts at creation only; later changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
}
