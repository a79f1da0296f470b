import { readFileSync } from "node:fs";
import { run } from "../../../command/main";
import { TemporaryFolder } from "../../support/temporary-folder";
import { ended } from "../ended";
import { skipWaits } from "../system-clock";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const folder = TemporaryFolder.ofTests();

test("import shows the labels of a paused deployment, and no mark of this package", async () => {
  skipWaits(world.clock);
  const id = world.create("daily", { metadata: { team: "search" } });
  await world.pause([id, "--yes"]);
  const { updated_at: at, metadata } = world.api.deployments.get(id);
  world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": at } });
  expect(Object.keys(metadata).some((key) => key.includes("pulumi-qoder"))).toBe(true);
  const { stdout } = await ended((streams) => run(["import", "--all"], world.environment, streams));
  expect(stdout).toContain("search");
  expect(stdout).not.toMatch(/pulumi[-_]qoder[-_]paused/);
});

test("import writes no `paused` for the pause of a command and says so, and writes it for the pause of a person", async () => {
  skipWaits(world.clock);
  const [marked, byHand] = [world.create("marked"), world.create("by hand")];
  await world.pause([marked, "--yes"]);
  world.api.deployments.pause(byHand);
  const imported = async (id: string) => {
    const args = ["import", id, "--out", folder.at("of", id)];
    const { status, stdout, stderr } = await ended((streams) => run(args, world.environment, streams));
    expect(status).toBe(0);
    const program = readFileSync(folder.at("of", id, "deployments.ts"), "utf8");
    return [program.includes("paused: true"), `${stdout}${stderr}`] as const;
  };
  const [isPaused, said] = await imported(marked);
  const { pause } = JSON.parse(String(world.mark(marked)));
  expect([isPaused, said]).toEqual([
    false,
    expect.stringContaining(`the pause ${pause} stops it, which is no \`paused: true\``),
  ]);
  expect(await imported(byHand)).toEqual([true, expect.not.stringContaining("the pause p-")]);
  expect(await world.advised(said)).toMatchObject({ status: 0 });
  expect(world.status(marked)).toBe("active");
});
