import { readFileSync } from "node:fs";
import { run } from "../../../command/main";
import { TemporaryFolder } from "../../support/temporary-folder";
import { ended } from "../ended";
import { skipWaits } from "../system-clock";
import { holdsKey, usePauseWorld } from "./pause-world";

const world = usePauseWorld();
const folder = TemporaryFolder.ofTests();

test("the program of an import has the labels of a paused deployment, and no hold", async () => {
  skipWaits(world.clock);
  const id = world.create("daily", { metadata: { team: "search" } });
  await world.pause([id, "--yes"]);
  expect(Object.keys(world.api.deployments.get(id).metadata)).toContain(holdsKey);
  const { stdout } = await ended((streams) => run(["import", "--all"], world.environment, streams));
  const [program = ""] = stdout.split("// ---------- import.json");
  expect(program).toContain("search");
  expect(program).not.toMatch(/pulumi[-_]qoder[-_]holds/);
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
    const program = readFileSync(folder.at("of", id, "qoder.ts"), "utf8");
    return [program.includes("paused: true"), `${stdout}${stderr}`] as const;
  };
  const [isPaused, said] = await imported(marked);
  expect([isPaused, said]).toEqual([
    false,
    expect.stringContaining(`the pause ${world.holds(marked)[0]?.id} stops it, which is no \`paused: true\``),
  ]);
  expect(await imported(byHand)).toEqual([true, expect.not.stringContaining("the pause p-")]);
  expect(await world.advised(said)).toMatchObject({ status: 0 });
  expect(world.status(marked)).toBe("active");
});
