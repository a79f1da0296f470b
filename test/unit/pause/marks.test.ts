import { run } from "../../../command/main";
import { ended } from "../ended";
import { skipWaits } from "../system-clock";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();
afterEach(() => jest.restoreAllMocks());

test.each([
  // The recorded output effectiveMetadata keeps the mark of an `up`, as a refresh does.
  ["import", ["--all"], /pulumi[-_]qoder[-_]paused[-_]by|metadata: \{[^}]*paused/],
  ["status", ["--all", "--format", "prometheus"], /pulumi[-_]qoder[-_]paused/],
] as const)(
  "%s %j shows the labels of a paused deployment, and no mark of this package",
  async (command, args, mark) => {
    skipWaits(world.clock);
    const id = world.create("daily", { metadata: { team: "search" } });
    await world.pause([id, "--yes"]);
    const { updated_at: at, metadata } = world.api.deployments.get(id);
    world.api.deployments.edit(id, { metadata: { "pulumi-qoder-paused": at } });
    expect(Object.keys(metadata).some((key) => key.includes("pulumi-qoder"))).toBe(true);
    const { stdout } = await ended((streams) => run([command, ...args], world.environment, streams));
    expect(stdout).toContain("search");
    expect(stdout).not.toMatch(mark);
  },
);
