import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderProvider } from "../../../provider";
import {
  dependenciesOf,
  isConfigSecret,
  isKnown,
  passedProviders,
  pulumiTypeOf,
} from "../../../provider/program/sdk-internals";
import { mockEngine } from "../../support/registrations";

// Each test fails as soon as the SDK renames the member, which its types would not show.
beforeEach(mockEngine);
afterEach(async () => {
  pulumi.runtime.setAllConfig({});
  // The registrations end before the mocks of another test begin.
  await pulumi.runtime.disconnect();
});

const agent = () => new QoderAgent("reporter", { model: "ultimate" });

test("isKnown: an Output of a known value is known, one of an unknown value is not, and a text has none", async () => {
  mockEngine(true);
  const unknown = pulumi.output("a").apply(() => pulumi.runtime.deserializeProperty(pulumi.runtime.unknownValue));
  expect(await Promise.all([pulumi.output("a"), unknown, "a"].map(isKnown))).toEqual([true, false, undefined]);
});

test("allResources: an Output of two resources depends on both", async () => {
  const both = [agent(), new pulumi.ComponentResource("test:index:Team", "team")];
  expect(await dependenciesOf(pulumi.all(both.map(({ urn }) => urn)))).toEqual(both);
});

test("__pulumiType: a resource has its type, and an object has none", () => {
  expect(pulumiTypeOf(agent())).toBe("pulumi-nodejs:dynamic/qoder:Agent");
  expect([{}, null, "a"].map(pulumiTypeOf)).toEqual([undefined, undefined, undefined]);
});

test("__providers: a component passes its provider on under its package", () => {
  const account = new QoderProvider("account", { pat: "pt-1" });
  const team = new pulumi.ComponentResource("test:index:Team", "team", {}, { provider: account });
  expect(passedProviders(team)).toEqual({ "pulumi-nodejs": account });
  expect(passedProviders(undefined)).toEqual({});
});

test("isConfigSecret: an encrypted key is a secret, another is not", () => {
  pulumi.runtime.setAllConfig({ "qoder:pat": "pt-1", "qoder:baseUrl": "https://api.example" }, ["qoder:pat"]);
  expect(["qoder:pat", "qoder:baseUrl"].map(isConfigSecret)).toEqual([true, false]);
});
