import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { Sink } from "../../../command/printer";
import { runStatus } from "../../../command/status/main";
import { mulberry32 } from "../../qoder-api/service";
import { TemporaryFolder } from "../../support/temporary-folder";
import { ended } from "../ended";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const folder = TemporaryFolder.ofTests();
let file = "";
beforeEach(() => {
  file = folder.at("until");
});

/** What an earlier report of these deployments keeps. */
const keep = (time: string, of = "--all") => writeFileSync(file, `${time}\nnpx pulumi-qoder status ${of}\n`);
const kept = () => readFileSync(file, "utf8").split("\n")[0];
const minutes = (count: number) => count * 60_000;
const nine = (day: number) => Date.UTC(2026, 10, day, 1);
const report = () => world.status("--all", "--since", "24h", "--series", file, "--json");

test.each([1, 2])("reports in series at any times lose no missed and no failed run (seed %i)", async (seed) => {
  const random = mulberry32(seed);
  const upTo = (most: number) => Math.floor(random() * most);
  const id = world.create("hourly", { schedule: { type: "cron", expression: "0 * * * *", timezone: "UTC" } });
  const missed: number[] = [];
  const failed: number[] = [];
  let from = nine(20) + 1_000;
  const look = async () => {
    const { stdout } = await world.status(id, "--since", "24h", "--series", file, "--json");
    const [{ since: runs, missed: found }] = JSON.parse(stdout);
    expect([runs.failed, found.count]).toEqual([
      failed.filter((end) => end >= from).length,
      missed.filter((due) => due + minutes(10) > from).length,
    ]);
    from = world.clock.now() - minutes(1);
    expect(kept()).toBe(`${new Date(from).toISOString().slice(0, 19)}Z`);
  };
  for (let hour = 1; hour < 60; hour += 1) {
    const due = nine(20) + minutes(60 * hour);
    const what = random();
    if (what < 0.2) {
      missed.push(due);
    } else {
      world.at(due + minutes(upTo(9)));
      const session = String(world.api.deployments.runBySchedule(id).session_id);
      world.at(world.clock.now() + minutes(1 + upTo(30)));
      world.api.sessions.end(session, what < 0.5 ? { error: { type: "billing_error" } } : {});
      failed.push(...(what < 0.5 ? [world.clock.now()] : []));
    }
    if (random() < 0.4) {
      world.at(due + minutes(40 + upTo(19)));
      await look();
    }
  }
});

test("a report that could not read a deployment leaves the end of the last one, and one with an unknown cost does not", async () => {
  const id = world.create("daily");
  keep("2026-11-20T00:00:00Z");
  world.at(nine(21));
  world.api.fault({ kind: "status", status: 403, path: `/deployments/${id}/runs`, times: 1 });
  expect([(await report()).status, kept()]).toEqual([2, "2026-11-20T00:00:00Z"]);
  world.api.sessions.remove(String(world.api.deployments.runBySchedule(id).session_id));
  expect([(await report()).status, kept()]).toEqual([2, "2026-11-21T00:59:00Z"]);
});

test("a report that nobody could read leaves the end of the last one", async () => {
  world.create("daily");
  keep("2026-11-20T00:00:00Z");
  world.at(nine(21));
  const write = (_: string, done?: (error?: Error) => void) => done?.(new Error("write EPIPE"));
  await ended((streams) =>
    runStatus(["--all", "--since", "24h", "--series", file], world.environment, {
      ...streams,
      stdout: new Sink({ write }),
    }),
  );
  expect(kept()).toBe("2026-11-20T00:00:00Z");
});

test("after a long break a report begins seven days ago, and says so", async () => {
  world.create("daily");
  keep("2026-10-01T00:00:00Z");
  world.at(nine(21));
  expect((await report()).stderr).toBe(
    "Warning: the last report ended 51 days ago, and this one begins only 7 days ago\n",
  );
});

test("the first report begins at --since, however long ago, and the next one where it ended", async () => {
  const id = world.create("daily");
  world.run(id, {});
  world.at(nine(20) + 20 * 24 * minutes(60));
  const begun = async () => (await world.status("--all", "--since", "30d", "--series", file)).stdout;
  expect(await begun()).toContain("Since Tue 2026-11-10 09:00");
  expect(await begun()).toContain("Since Thu 2026-12-10 08:59");
});

test("the advice of a screen has the beginning of the window", async () => {
  for (let index = 0; index < 21; index += 1) {
    world.create(`daily-${index}`);
  }
  keep("2026-11-22T00:30:00Z");
  world.at(nine(22) + minutes(30));
  expect((await world.status("--all", "--since", "24h", "--series", file)).stdout).toContain(
    "`npx pulumi-qoder run --all --missed --since 2026-11-22T00:30:00Z`",
  );
});

test("a file of the reports of other deployments is a wrong command line", async () => {
  keep("2026-11-22T00:30:00Z", "--stack prod");
  expect(await report()).toMatchObject({
    status: 64,
    stderr: expect.stringContaining(
      "keeps the end of the reports of `npx pulumi-qoder status --stack prod`, and this one is of `npx pulumi-qoder status --all`; give the path of a new file",
    ),
  });
});

test.each([
  ["--series without --since", ["--series", "until"], "--series needs --since"],
  ["a file of somebody", ["--since", "24h", "--series", __filename], "is another one"],
])("%s is a wrong command line", async (_, args, reason) => {
  expect(await world.status("--all", ...args)).toMatchObject({ status: 64, stderr: expect.stringContaining(reason) });
  expect(existsSync("until")).toBe(false);
});
