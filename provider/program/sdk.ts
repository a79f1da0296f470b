/*
 * The parts of the SDK that a program with this package needs. The main file of `@pulumi/pulumi` also loads the Automation API and, to
 * turn functions into text, a compiler and a package manager (runtime/closure/codePaths.js): a fifth of a second of CPU in each `preview`
 * and `up`, unless the program itself imports that file.
 */
export { Config } from "@pulumi/pulumi/config";
export { RunError } from "@pulumi/pulumi/errors";
export * as log from "@pulumi/pulumi/log";
export { getOrganization, getProject, getRootDirectory, getStack } from "@pulumi/pulumi/metadata";
export {
  all,
  type Input,
  type Inputs,
  isSecret,
  Output,
  output,
  secret,
  type Unwrap,
  unsecret,
} from "@pulumi/pulumi/output";
export {
  ComponentResource,
  type ComponentResourceOptions,
  CustomResource,
  type CustomResourceOptions,
  type CustomTimeouts,
  createUrn,
  type ID,
  mergeOptions,
  ProviderResource,
  Resource,
  type ResourceOptions,
} from "@pulumi/pulumi/resource";
export * as runtimeConfig from "@pulumi/pulumi/runtime/config";
export { invoke } from "@pulumi/pulumi/runtime/invoke";
export { serializeProperties, unknownValue } from "@pulumi/pulumi/runtime/rpc";
export { getMonitor, isDryRun, rpcKeepAlive } from "@pulumi/pulumi/runtime/settings";
export { getStackResource } from "@pulumi/pulumi/runtime/stack";
export { version } from "@pulumi/pulumi/version";
