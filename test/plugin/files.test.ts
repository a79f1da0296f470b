import { file, fileOf } from "../kinds/file";
import { textsOf } from "../support/provider";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(file);
});
afterAll(() => world.stop());

test("a text is uploaded under its name, with the type that its name tells", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up({ ...fileOf("# Words\n"), name: "glossary.md", metadata: { team: "docs" } });
  expect(world.live).toMatchObject({ filename: "glossary.md", mime_type: "text/markdown", metadata: { team: "docs" } });
  expect(String(world.api.files.content(world.live.id))).toBe("# Words\n");
  expect(stack.state?.outputs).toMatchObject({ filename: "glossary.md", sizeBytes: 8, expiresAt: null });
});

test("another content uploads another file, and the old one is deleted", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up(fileOf("one"));
  const { id } = world.live;
  expect(await stack.preview(fileOf("two"))).toBe("replace");
  expect(world.output.join("\n")).toContain("digest: a file never changes, so a new one is uploaded");
  await stack.up(fileOf("two"));
  expect(world.live.id).not.toBe(id);
  expect(String(world.api.files.content(world.live.id))).toBe("two");
});

test("a file that a live deployment names is left with a warning that names the deployment", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up(fileOf());
  const { id } = world.live;
  const deployment = world.api.deployments.create({
    name: "nightly",
    agent: world.api.agents.create().id,
    environment_id: world.api.environments.create().id,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
    resources: [{ type: "file", file_id: id }],
  });
  world.output.length = 0;
  await stack.destroy();
  expect(world.live.id).toBe(id);
  expect(world.output.join("\n")).toMatch(new RegExp(`warning: .*was not deleted: .*${deployment.id}.*left as it is`));
});

test("a file that the service refuses to delete, as a session uses it, is left with a warning", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up(fileOf());
  const body = { type: "error", error: { type: "conflict_error", message: "The file is in use." } };
  world.api.fault({ kind: "status", status: 409, method: "DELETE", body });
  await stack.destroy();
  expect(world.output.join("\n")).toMatch(/warning: .*left as it is: .*The file is in use/);
});

test("a file that has expired is gone, and the next up uploads it again", async () => {
  world.reset();
  const stack = world.stack();
  const args = { ...fileOf(), expiresInSeconds: 3_600 };
  await stack.up(args);
  world.vanish(world.live.id);
  world.passTime(3_600_000);
  expect(await stack.refresh()).toBe("delete");
  await stack.up(args);
  expect(world.live.id).toBe(stack.state?.id);
});

test.each([
  [{ ...fileOf("a\0b") }, "content: has a NUL byte; the API takes text alone"],
  [{ ...fileOf("a".repeat(5 * 1024 * 1024 + 1)) }, "content: has 5.01 MB; the API takes up to 5 MB"],
  [{ ...fileOf(), name: "ä".repeat(128) }, "name: has more than 255 bytes"],
  [{ ...fileOf(), expiresInSeconds: 60 }, "expiresInSeconds: is below 3600"],
])("a content that the service would refuse is an error of the preview (%#)", async (args, failure) => {
  world.reset();
  expect(
    await world
      .stack()
      .preview(args)
      .then(() => [], textsOf),
  ).toEqual([failure]);
  expect(world.sent()).toEqual([]);
});
