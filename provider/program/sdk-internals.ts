import * as pulumi from "./sdk";

/**
 * A member that the types of the SDK do not have. A later version may move the member: then the program ends here, before a guess about an
 * account or a secret. So the range of `@pulumi/pulumi` in package.json has no upper end.
 */
function member(owner: object, name: string): unknown {
  if (!(name in owner)) {
    throw new Error(
      `pulumi-qoder does not work with @pulumi/pulumi ${pulumi.version}, which lacks \`${name}\`.\n` +
        "Install the newest pulumi-qoder; if it says the same, `npm install @pulumi/pulumi@3.276.0`",
    );
  }
  return Reflect.get(owner, name);
}

/** False while a preview does not know the Output (@pulumi/pulumi output.js); undefined for another value. */
export async function isKnown(output: unknown): Promise<boolean | undefined> {
  return pulumi.Output.isInstance(output) ? (await member(output, "isKnown")) === true : undefined;
}

/** The resources on which the Output depends (@pulumi/pulumi output.js, `allResources`). */
export async function dependenciesOf(output: object): Promise<pulumi.Resource[]> {
  const ask = member(output, "allResources");
  const found: unknown =
    typeof ask === "function" ? await Promise.resolve(ask.call(output)).catch(() => []) : undefined;
  return found instanceof Set ? [...found].filter((one) => pulumi.Resource.isInstance(one)) : [];
}

/** The type of a resource (@pulumi/pulumi resource.js, `__pulumiType`), also in a rule of a policy pack; undefined for another value. */
export function pulumiTypeOf(value: unknown): string | undefined {
  const isResource = pulumi.Resource.isInstance(value) || "__pulumiType" in Object(value);
  return isResource ? String(member(Object(value), "__pulumiType")) : undefined;
}

/** The providers that a resource passes on to its children, by their packages (@pulumi/pulumi resource.js, `__providers`). */
export function passedProviders(resource: pulumi.Resource | undefined): Readonly<Record<string, object>> {
  return resource === undefined ? {} : Object(member(resource, "__providers"));
}

/** True if the key of the configuration is encrypted (@pulumi/pulumi runtime/config.js). */
export function isConfigSecret(key: string): boolean | undefined {
  const ask = member(pulumi.runtimeConfig, "isConfigSecret");
  const answer: unknown = typeof ask === "function" ? ask(key) : undefined;
  return typeof answer === "boolean" ? answer : undefined;
}
