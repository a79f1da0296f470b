import { run } from "../../../command/main";
import { ended } from "../ended";
import { skipWaits } from "../system-clock";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();
afterEach(() => jest.restoreAllMocks());

test.each([
  ["import", ["--all"]],
  ["status", ["--all", "--format", "prometheus"]],
] as const)("%s %j shows the labels of a paused deployment, and no mark of this package", async (command, args) => {
  skipWaits(world.clock);
  const id = world.create("daily", { metadata: { team: "search" } });
  await world.pause([id, "--yes"]);
  const { updated_at: at, metadata } = world.api.deployments.get(id);
  world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": at } });
  expect(Object.keys(metadata).some((key) => key.includes("pulumi-qoder"))).toBe(true);
  const { stdout } = await ended((streams) => run([command, ...args], world.environment, streams));
  expect(stdout).toContain("search");
  expect(stdout).not.toMatch(/pulumi[-_]qoder[-_]paused/);
});
