import { file, fileOf } from "../kinds/file";
import { doors, useDoor } from "../support/door";
import { textsOf } from "../support/provider";
import { World } from "../support/world";

const world = World.ofTests(file);

test("a file is uploaded under its name, with the media type of its name", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up({ ...fileOf("# Words\n"), name: "glossary.md", metadata: { team: "docs" } });
  expect(world.live).toMatchObject({ filename: "glossary.md", mime_type: "text/markdown", metadata: { team: "docs" } });
  expect(String(world.api.files.content(world.live.id))).toBe("# Words\n");
  expect(stack.state?.outputs).toMatchObject({ filename: "glossary.md", sizeBytes: 8, expiresAt: null });
});

test.each(["printable", "portable"] as const)(
  "an upload succeeds although the service cleans its name, and a lost answer finds the file: %s characters",
  async (fileNames) => {
    world.reset({ fileNames });
    const name = "notes/größe der welt.md";
    const stack = world.stack();
    await stack.up({ ...fileOf("one"), name });
    expect(await stack.preview({ ...fileOf("one"), name })).toBe("same");
    const { id } = world.live;
    world.api.fault({ kind: "reset-after", method: "POST", path: "/files" });
    await expect(stack.up({ ...fileOf("other"), name })).rejects.toThrow(/It may have made file_\w+, created/);
    await stack.up({ ...fileOf("other"), name });
    expect(world.live.id).not.toBe(id);
  },
);

test("changed content uploads a new file, and the old file is deleted", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up(fileOf("one"));
  const { id } = world.live;
  expect(await stack.preview(fileOf("two"))).toBe("replace");
  expect(world.output.join("\n")).toContain("digest: the API changes no file, so another file is created");
  await stack.up(fileOf("two"));
  expect(world.live.id).not.toBe(id);
  expect(String(world.api.files.content(world.live.id))).toBe("two");
});

test("a destroy keeps a file that a live deployment names, and the warning names the deployment", async () => {
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
  expect(world.output.join("\n")).toMatch(
    new RegExp(`warning: .*was not deleted: .*${deployment.id}.*Delete it in the console`),
  );
});

test("a destroy keeps a file whose deletion the service refuses, and prints a warning", async () => {
  world.reset();
  const stack = world.stack();
  await stack.up(fileOf());
  const body = { type: "error", error: { type: "conflict_error", message: "The file is in use." } };
  world.api.fault({ kind: "status", status: 409, method: "DELETE", body });
  await stack.destroy();
  expect(world.output.join("\n")).toMatch(/warning: .*left as it is: .*The file is in use/);
});

test("a refresh removes an expired file from the state, and the next `up` uploads the file again", async () => {
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
])("a preview fails for a file that the service would refuse (%#)", async (args, failure) => {
  world.reset();
  expect(
    await world
      .stack()
      .preview(args)
      .then(() => [], textsOf),
  ).toEqual([failure]);
  expect(world.sent()).toEqual([]);
});

describe.each(doors)(
  "after a lost answer through the door %s, while another stack uploads a file of the same name",
  (door) => {
    beforeEach(() => useDoor(door));

    const their = { filename: "glossary.md" };
    const args = { ...fileOf("# Words\n"), name: "glossary.md" };
    /** `up` of the file, whose first answer is lost. The first list shows only the file of the other stack. */
    async function loseBeside(content: string) {
      const { id: other } = world.api.files.create({ ...their, content });
      world.api.fault({ kind: "reset-after", method: "POST", path: "/files" });
      const transform = (list: object) => ({ ...list, data: [world.api.files.get(other)] });
      world.api.fault({ kind: "replace-body", method: "GET", path: "/files", transform });
      const stack = world.stack();
      const texts = await stack.up(args).then(() => [], textsOf);
      return { stack, other, texts };
    }

    test.each(["honour", "ignore"] as const)("`up` fails with the id of that file (keys: %s)", async (keys) => {
      world.reset({ idempotencyKeysElsewhere: keys });
      const { stack, other, texts } = await loseBeside("# Other\n");
      expect(texts).toEqual([expect.stringContaining(`It may have made ${other}, created `)]);
      expect(texts.join()).toContain(`To keep it, set adopt: "${other}"; otherwise delete it`);
      expect(stack.state).toBeUndefined();
    });
  },
);
