/**
 * The provider's code in every state: one constant line that loads this package by its name from the project's folder. So the
 * installed version always runs, also in `refresh` and `destroy`. The line never changes, so no preview shows it, and it
 * contains no path, version or secret. The engine loads the line with `require-from-string` and calls `handler`
 * (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). `exported` is the name of the kind in `dynamic-provider.ts`. The commands of this
 * package write the same line and must not load the SDK, so this file imports nothing.
 */
export function providerSource(exported: string): string {
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-qoder/provider").${exported};`;
}

/** The engine sends resources of such a type to the dynamic provider of Node.js. */
export function resourceType(name: string): string {
  return `pulumi-nodejs:dynamic/qoder:${name}`;
}

/** The type of the same resource under the plugin. */
export function pluginType(type: string): string {
  return type.replace(resourceType(""), "qoder:index:");
}

/** The name in a URN, `urn:pulumi:stack::project::types::name`. The name may contain any text, also `::`. */
export function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}
