import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readReceipt } from "../../../provider/command/pause/receipt";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

test.each<[string, (file: string) => void, string]>([
  ["a directory", mkdirSync, "cannot be read: illegal operation on a directory (EISDIR)"],
  [
    "a link to a file that is gone",
    (file) => symlinkSync("gone", file),
    "cannot be read: no such file or directory (ENOENT)",
  ],
  ["damaged JSON", (file) => writeFileSync(file, '{"version":1,'), "is no receipt that `pulumi-qoder pause`"],
])("%s with the name of a receipt is named and skipped, and the deployments are paused", async (_, make, reason) => {
  const id = world.create("daily");
  const stray = join(world.folder, "qoder-pause-2026-01-01T00-00-00Z.json");
  make(stray);
  const { status, stderr } = await world.pause([id, "--yes"]);
  expect([status, stderr]).toEqual([0, expect.stringContaining(`Skipped: ${stray} ${reason}`)]);
  expect(world.status(id)).toBe("paused");
  const [own = "none"] = world.receiptFiles.filter((file) => file !== stray);
  expect(readReceipt(own)).toMatchObject({ deployments: [{ id, state: "paused" }] });
  expect(await world.resume([stray, "--yes"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(`${stray} ${reason}`),
  });
});
