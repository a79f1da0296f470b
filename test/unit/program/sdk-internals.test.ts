import * as pulumi from "@pulumi/pulumi";
import { dependenciesOf, isKnown, passedProviders, pulumiTypeOf } from "../../../provider/program/sdk-internals";

const without = <Value extends object>(value: Value, name: string): Value =>
  new Proxy(value, { has: (target, one) => one !== name && one in target });
const output = () => pulumi.output("x");
const resource = () => new pulumi.ComponentResource("test:index:Team", "team");

beforeEach(() => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }));

test.each([
  ["isKnown", async () => isKnown(without(output(), "isKnown"))],
  ["allResources", async () => dependenciesOf(without(output(), "allResources"))],
  ["__pulumiType", async () => pulumiTypeOf(without(resource(), "__pulumiType"))],
  ["__providers", async () => passedProviders(without(resource(), "__providers"))],
])("a program with a version of the SDK that lacks %s ends with what to install, before a guess", async (name, ask) => {
  await expect(ask()).rejects.toThrow(
    `pulumi-qoder does not work with @pulumi/pulumi 3.248.0, which lacks \`${name}\`.\nInstall the newest pulumi-qoder`,
  );
});
