import {
  type Policies,
  type ResourceValidation,
  type ResourceValidationArgs,
  validateResourceOfType,
  validateStackResourcesOfType,
} from "@pulumi/policy";
import * as pulumi from "@pulumi/pulumi";
import * as published from "pulumi-qoder";
import * as program from "../../provider";
import { pluginType, resourceType } from "../../provider/kinds/table";
import { QoderResource } from "../../provider/program/resource";
import { violations } from "../support/policy-server";

interface ResourceClass {
  new (...given: unknown[]): pulumi.CustomResource;
  readonly name: string;
  isInstance(value: unknown): boolean;
  get(name: string, id: string): pulumi.CustomResource;
}

const isResourceClass = (exported: unknown): exported is ResourceClass =>
  typeof exported === "function" && exported.prototype instanceof QoderResource;

/** Every resource class that a program can use: the tests cover a new kind, too. */
const classes = Object.values<unknown>(program).filter(isResourceClass);
const typeOf = ({ name }: ResourceClass) => resourceType(name.replace(/^Qoder/, ""));

beforeAll(() =>
  pulumi.runtime.setMocks({ newResource: ({ id = "", inputs }) => ({ id, state: inputs }), call: () => ({}) }),
);

test("these tests cover the classes of the package", () => {
  expect(classes.map(({ name }) => name)).toEqual(
    expect.arrayContaining(["QoderAgent", "QoderDeployment", "QoderEnvironment"]),
  );
});

test("Evaluation.isInstance accepts components of its type only", () => {
  const cases = { typos: { input: "Review", rubric: "The typos" } };
  const good = new program.Evaluation("good", { agent: "agent_a", environmentId: "env_a", cases });
  const others = [published.QoderAgent.get("other", "x_1"), undefined, {}];
  expect([good, ...others].filter(program.Evaluation.isInstance)).toEqual([good]);
});

describe.each(classes.map((one) => [one.name, one] as const))("%s", (name, resourceClass) => {
  test("isInstance accepts resources of its class only, also if the program calls it without the class", () => {
    const { isInstance } = resourceClass;
    expect(isInstance(resourceClass.get("own", "x_1"))).toBe(true);
    const others = classes.filter((other) => other !== resourceClass).map((other) => other.get("other", "x_1"));
    const later = pulumi.output(resourceClass.get("later", "x_1"));
    for (const other of [...others, later, undefined, null, "", 5, {}, [], resourceClass, typeOf(resourceClass)]) {
      expect(isInstance(other)).toBe(false);
    }
  });

  test("isInstance accepts resources of another copy of the package", () => {
    jest.isolateModules(() => {
      jest.doMock("@pulumi/pulumi", () => pulumi);
      const copy = jest.requireActual<Readonly<Record<string, unknown>>>("../../provider")[name];
      expect(isResourceClass(copy)).toBe(false);
      const theirs = Reflect.apply(Reflect.get(Object(copy), "get"), copy, ["theirs", "x_1"]);
      expect(theirs).not.toBeInstanceOf(resourceClass);
      expect(resourceClass.isInstance(theirs)).toBe(true);
    });
  });

  test("policies find resources of the class, and those of a program in another language, by each function of the policy SDK", async () => {
    const ofType = validateResourceOfType(resourceClass, (_, { name }, report) => report(`of type: ${name}`));
    const isType: ResourceValidation = ({ isType, asType }, report) =>
      report(`isType: ${isType(resourceClass)}, asType: ${asType(resourceClass) !== undefined}`);
    const ofStack = validateStackResourcesOfType(resourceClass, (all, _, report) => report(`stack: ${all.length}`));
    const policies: Policies = [
      { name: "of-type", description: "", validateResource: ofType },
      { name: "is-type", description: "", validateResource: isType },
      { name: "of-stack", description: "", validateStack: ofStack },
    ];
    const said = async (type: string) =>
      (await violations(policies, type, { name: "daily" })).map((text) => text.trim().split("\n").at(-1));
    for (const type of [typeOf(resourceClass), pluginType(typeOf(resourceClass))]) {
      expect(await said(type)).toEqual(["of type: daily", "isType: true, asType: true", "stack: 1"]);
    }
    expect(await said("pulumi-nodejs:dynamic/qoder:Other")).toEqual(["isType: false, asType: false"]);
  });
});

// The compiler checks this test against the published types.
test("a policy and a type guard know the types of the resource", () => {
  const { QoderAgent, QoderDeployment, QoderEnvironment } = published;
  const typed = [
    validateResourceOfType(QoderDeployment, ({ schedule, resources = [], ...rest }) => {
      const expression: string | undefined = schedule?.expression;
      const types: ("github_repository" | "git_repository" | "file" | "memory_store")[] = resources.map(
        ({ type }) => type,
      );
      // @ts-expect-error The argument is called budget.
      return void [expression, types, rest.budgets];
    }),
    validateStackResourcesOfType(QoderAgent, (agents) => {
      const names: string[] = agents.flatMap(({ tools = [] }) => tools.map(({ type }) => type));
      // @ts-expect-error The output is called version.
      return void [names, agents.map(({ versions }) => versions)];
    }),
    ({ asType }: ResourceValidationArgs): "cloud" | "self_hosted" | undefined => asType(QoderEnvironment)?.config?.type,
    (resource: unknown): pulumi.Output<number> | undefined =>
      QoderAgent.isInstance(resource) ? resource.version : undefined,
  ];
  expect(typed).toHaveLength(4);
});
