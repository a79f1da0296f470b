import type * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import { deployments } from "../../provider/kinds/table";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

function declaring(
  names: Readonly<Record<string, Partial<QoderDeploymentArgs>>>,
  options: Readonly<Record<string, pulumi.CustomResourceOptions>> = {},
) {
  return async () => {
    for (const [name, more] of Object.entries(names)) {
      new QoderDeployment(name, { ...world.args(), ...more }, options[name]);
    }
  };
}

const urn = (name: string) => `urn:pulumi:dev::engine-test::${deployments.type}::${name}`;

test("an `up` that moves a deployment to another resource by `adopt` archives no deployment, even after a failure with --continue-on-error and with --refresh", async () => {
  await stack.up(declaring({ daily: { name: "report" } }));
  const { id } = world.live;
  const program = declaring({ morning: { name: "report", adopt: id } });
  world.api.fault({ kind: "status", status: 403, method: "GET" });
  const failed = stack.automation.up({ color: "never", program, continueOnError: true });
  await expect(failed).rejects.toThrow('the resource "morning" should adopt this object');
  expect(stack.deployment().id).toBe(id);
  const { output } = await stack.up(program);
  expect(output).toContain(
    `adopts ${id}: a removal from this stack then archives it for everybody, and this \`up\` clears`,
  );
  expect(output).toContain(
    `QoderDeployment "daily" ("report" at Qoder, ${id}): left as it is: the resource "morning" manages it now`,
  );
  expect(world.live.id).toBe(id);
  expect(stack.deployment().id).toBe(id);

  const again = declaring({ evening: { name: "report", adopt: id } });
  const refreshing = await stack.up(again, { refresh: true });
  expect(refreshing.output).toContain('left as it is: the resource "evening" manages it now');
  expect(world.live.id).toBe(id);
  expect(stack.deployment().id).toBe(id);
});

test("`up --replace` archives a deployment and creates a new one, but keeps an adopted one without deleteBeforeReplace", async () => {
  await stack.up(declaring({ plain: {}, before: { name: "adopted" } }));
  const idOf = (wanted: string) => world.api.deployments.live().find(({ name }) => name === wanted)?.id;
  const [plain, adopted] = [idOf("plain"), idOf("adopted") ?? ""];
  const program = declaring(
    { plain: {}, adopting: { name: "adopted", adopt: adopted } },
    { adopting: { deleteBeforeReplace: false } },
  );
  await stack.up(program);
  world.sent();
  await stack.automation.up({ color: "never", program, replace: [urn("plain"), urn("adopting")] });
  const archived = world.sent().filter((request) => /archive/.test(String(request)));
  expect(archived).toEqual([["POST", `/deployments/${plain}/archive`]]);
  expect(idOf("plain")).not.toBe(plain);
  expect(idOf("adopted")).toBe(adopted);
  const held = stack.resources().flatMap(({ type, id }) => (type === deployments.type ? [id] : []));
  expect(held.sort()).toEqual([idOf("plain"), adopted].sort());
});

test("an alias sends no request; two resources with one deployment cause a warning, and removing either keeps the deployment", async () => {
  Object.assign(world.api.switches, { duplicateNames: "allow" });
  const pairs = ["a", "b"];
  const report = (pair: string) => ({ ...world.args(), name: `report-${pair}` });
  const renamed = (pair: string) => ({ aliases: [{ name: pair }] });
  const program = (declare: (pair: string) => void) => async () => pairs.forEach(declare);
  await stack.up(program((pair) => void new QoderDeployment(pair, report(pair))));
  world.sent();
  await stack.up(program((pair) => void new QoderDeployment(`${pair}-eu`, report(pair), renamed(pair))));
  expect(world.sent()).toEqual([]);
  // A preview refuses a second deployment of a name, so only the state can give both resources one object.
  const { version, deployment } = await stack.automation.exportStack();
  const resources: readonly { urn: string; outputs?: object }[] = deployment.resources;
  const twice = resources.flatMap((one) =>
    one.urn.endsWith("-eu")
      ? [{ ...one, urn: one.urn.replace(/-eu$/, ""), outputs: { ...one.outputs, __entry: one.urn } }, one]
      : [one],
  );
  await stack.automation.importStack({ version, deployment: { ...deployment, resources: twice } });
  const both = program((pair) => {
    const dependsOn = new QoderDeployment(pair, report(pair));
    new QoderDeployment(`${pair}-eu`, report(pair), { dependsOn });
  });
  const ids = world.api.deployments.live().map(({ id }) => id);
  expect(ids).toHaveLength(2);
  const told = await stack.up(both);
  // One pair loses its first resource, and the other pair its second.
  const left = program((pair) => void new QoderDeployment(pair === "a" ? "a-eu" : "b", report(pair)));
  const { output } = await stack.up(left);
  for (const id of ids) {
    expect(told.output).toContain(`of this stack manages ${id} too`);
    expect(output).toContain(`, ${id}): left as it is: the resource`);
  }
  expect(world.api.deployments.live().map(({ id }) => id)).toEqual(ids);
});
