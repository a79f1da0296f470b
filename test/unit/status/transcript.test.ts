import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const page = readFileSync(resolve(__dirname, "../../../docs/runs.md"), "utf8");

test("docs/runs.md shows what the command prints, and its exit status", async () => {
  const [, section = ""] = /\n## Watch deployments\n([\s\S]*?)\n## /.exec(page) ?? [];
  const [, command = "", shown = ""] = /```\n\$ npx pulumi-qoder (.*); echo \$\?\n([\s\S]*?)```/.exec(section) ?? [];
  const digest = world.create("weekly-digest");
  const review = world.create("nightly-review", { agent: world.api.agents.create().id });
  const report = world.create("daily-report");
  world.api.deployments.runBySchedule(report, { type: "session_rate_limited_error", message: "Too many sessions." });
  world.day(25);
  world.api.deployments.runBySchedule(report);
  world.api.agents.archive(world.api.deployments.get(review).agent.id);
  world.api.deployments.runBySchedule(review);
  world.api.deployments.pauseByError(review, "agent_archived_error");
  world.api.deployments.pause(digest);
  const [name, ...args] = command.split(" ");
  expect(name).toBe("status");
  const { stdout, stderr, status } = await world.status(...args);
  expect(`${stdout}${stderr}${status}\n`).toBe(shown);
});
