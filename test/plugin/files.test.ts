import { file, fileOf } from "../kinds/file";
import { textsOf, World } from "../support/world";

const world = World.ofTests(file);

test("a file is uploaded under its name, with the media type of its name", async () => {
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
  const stack = world.stack();
  await stack.up(fileOf("one"));
  const { id } = world.live;
  expect(await stack.preview(fileOf("two"))).toBe("replace");
  expect(world.output.join("\n")).toContain("digest: the API changes no file, so another file is created");
  await stack.up(fileOf("two"));
  expect(world.live.id).not.toBe(id);
  expect(String(world.api.files.content(world.live.id))).toBe("two");
});

test("a destroy keeps a file whose deletion the service refuses, and prints a warning", async () => {
  const stack = world.stack();
  await stack.up(fileOf());
  const body = { type: "error", error: { type: "conflict_error", message: "The file is in use." } };
  world.api.fault({ kind: "status", status: 409, method: "DELETE", body });
  await stack.destroy();
  expect(world.output.join("\n")).toMatch(/warning: .*left as it is: .*The file is in use/);
});

test("a refresh removes an expired file from the state, and the next `up` uploads the file again", async () => {
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
  expect(
    await world
      .stack()
      .preview(args)
      .then(() => [], textsOf),
  ).toEqual([failure]);
  expect(world.sent()).toEqual([]);
});
