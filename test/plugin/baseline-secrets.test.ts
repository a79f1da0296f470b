import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { SimulatedStack } from "../support/simulated-stack";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(deployment);
});
afterAll(() => world.stop());

const shownIn = ({ state }: SimulatedStack) => String(state?.outputs["__shown"]);

test("no baseline holds a token, even if the service repeats the token", async () => {
  const resources = [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "hunter2" }];
  const { stack, id, args } = await world.declared(
    deployment,
    { resources },
    { fillDefaults: true, addedMembers: "objects" },
  );
  expect(shownIn(stack)).toContain("acme/shop");
  world.console.changeMember(id, ["resources", 0, "authorization_token"], "hunter2");
  expect(await stack.refresh()).toBe("same");
  world.console.changeMember(id, ["resources", 0, "mount_path"], "/elsewhere");
  expect(await stack.refresh()).toBe("update");
  expect(shownIn(stack)).not.toContain("hunter2");
  await stack.up(args);
  expect(world.console.get(id)).toMatchObject({ resources: [{ url: "https://github.com/acme/shop" }] });
  expect(await stack.refresh()).toBe("same");
});

test("a read by id records no baseline: nothing marks it as a secret, and nobody knows yet what the service filled in", async () => {
  const config = { type: "cloud", networking: { type: "unrestricted" }, setupScript: "login hunter2" };
  const { id } = await world.declared(environment, { config }, { unrestrictedNetworking: "with-limits" });
  const found = await world.command().read(id, {});
  expect(found?.outputs).toMatchObject({ config: { setupScript: "login hunter2" } });
  expect(found?.outputs).not.toHaveProperty("__shown");
  const again = await world.command().read(id, found?.outputs ?? {});
  expect(again?.outputs["config"]).toEqual(found?.outputs["config"]);
  expect(again?.outputs).not.toHaveProperty("__shown");
});
