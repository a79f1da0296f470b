import type { Metadata } from "../resource/fields/metadata";
import type { Config } from "./config";

/** The arguments of an environment, as plain values. */
export interface EnvironmentArguments {
  readonly name: string;
  readonly description: string;
  readonly config: Config;
  readonly metadata: Metadata;
  readonly archiveInUse: boolean;
  readonly adopt: string;
}
