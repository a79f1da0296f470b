import { EngineWorld, token } from "../support/engine-world";
import { ImportedProject } from "../support/imported-project";

import { addThirtyObjects } from "../support/thirty-objects";

const otherToken = "pt-other-77c1";
const world = EngineWorld.ofTests({ tokens: { [token]: "original", [otherToken]: "empty" } });
const project = ImportedProject.ofTests(world, { QODER_PAT: otherToken });

test("the copy of 30 objects of all kinds becomes 30 objects of an empty account, and the original gets no write", async () => {
  const { api } = world;
  // The account of the stand-in holds an agent and an environment before the test begins.
  api.agents.archive(world.agent);
  api.environments.archive(world.environmentId);
  const originals = new Set(addThirtyObjects(api));
  expect(originals.size).toBe(30);
  api.clearRequests();
  await project.importWith({ QODER_PAT: token }, "--copy", "--all");
  expect(api.requests.every(({ method }) => method === "GET")).toBe(true);
  await project.compile("--skipLibCheck");

  const { environments, skills, files, agents, vaults, credentials, memoryStores, deployments } = api;
  const all = [environments, skills, files, agents, vaults, credentials, memoryStores, deployments];
  const objects = () => all.flatMap((kind): readonly { readonly id: string }[] => kind.all());
  const held = objects();
  const heldIds = new Set(held.map(({ id }) => id));
  api.clearRequests();
  const pulumi = (...args: string[]) => project.pulumi(...args);
  await project.newStack();
  for (const [, name = ""] of project.program().matchAll(/requireSecret\("(\w+)"\)/g)) {
    await pulumi("config", "set", "--secret", name, `${name}-9f2c`);
  }
  const output = await pulumi("up", "--yes", "--skip-preview");
  // The stack itself is one more.
  expect(output).toContain("+ 31 created");
  await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  await pulumi("preview", "--expect-no-changes");

  const copies = objects().filter(({ id }) => !heldIds.has(id));
  expect(copies).toHaveLength(30);
  expect(objects().filter(({ id }) => heldIds.has(id))).toEqual(held);
  const statuses = deployments.all().flatMap(({ id, status }) => (heldIds.has(id) ? [] : [status]));
  expect(new Set(statuses)).toEqual(new Set(["paused"]));
  const text = JSON.stringify(copies);
  for (const id of originals) {
    expect(text).not.toContain(id.split("/").at(-1));
  }
});
