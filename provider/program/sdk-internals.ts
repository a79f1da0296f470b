import * as pulumi from "./sdk";

/*
 * The members of the SDK that are not in its types. `test/unit/program/sdk-internals.test.ts` has a test for each, and the range of
 * `@pulumi/pulumi` in package.json ends where nobody has looked at them.
 */

/** False while a preview does not know the Output (@pulumi/pulumi output.js); undefined for another value. */
export async function isKnown(output: unknown): Promise<boolean | undefined> {
  const known: unknown = await Reflect.get(Object(output), "isKnown");
  return typeof known === "boolean" ? known : undefined;
}

/** The resources on which the Output depends (@pulumi/pulumi output.js, `allResources`). */
export async function dependenciesOf(output: object): Promise<pulumi.Resource[]> {
  const ask: unknown = Reflect.get(output, "allResources");
  const found: unknown =
    typeof ask === "function" ? await Promise.resolve(ask.call(output)).catch(() => []) : undefined;
  return found instanceof Set ? [...found].filter((one) => pulumi.Resource.isInstance(one)) : [];
}

/** The type of a resource (@pulumi/pulumi resource.js, `__pulumiType`); undefined for another value. */
export function pulumiTypeOf(value: unknown): string | undefined {
  const type: unknown = typeof value === "object" && value !== null ? Reflect.get(value, "__pulumiType") : undefined;
  return typeof type === "string" ? type : undefined;
}

/** The providers that a resource passes on to its children, by their packages (@pulumi/pulumi resource.js, `__providers`). */
export function passedProviders(resource: pulumi.Resource | undefined): Readonly<Record<string, object>> {
  return Object(resource && Reflect.get(resource, "__providers"));
}

/** True if the key of the configuration is encrypted (@pulumi/pulumi runtime/config.js). */
export function isConfigSecret(key: string): boolean | undefined {
  const ask: unknown = Reflect.get(pulumi.runtimeConfig, "isConfigSecret");
  const answer: unknown = typeof ask === "function" ? ask(key) : undefined;
  return typeof answer === "boolean" ? answer : undefined;
}
