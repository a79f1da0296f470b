import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const page = readFileSync(resolve(__dirname, "../../../docs/runs.md"), "utf8");

test("docs/runs.md shows the real output and exit status of the command", async () => {
  const [, section = ""] = /\n## Watch deployments\n([\s\S]*?)\n## /.exec(page) ?? [];
  const [, command = "", shown = ""] = /```\n\$ npx pulumi-qoder (.*); echo \$\?\n([\s\S]*?)```/.exec(section) ?? [];
  const created = (name: string, agent = world.agent) => world.create(name, { agent });
  const [digest, triage, report, audit] = ["weekly-digest", "issue-triage", "daily-report", "licence-audit"].map(
    (one) => created(one),
  );
  const review = created("nightly-review", world.api.agents.create().id);
  const run = (id = "") => String(world.api.deployments.runBySchedule(id).session_id);
  const { sessions } = world.api;
  const refused = { type: "session_rate_limited_error", message: "Too many sessions." };
  world.api.deployments.runBySchedule(report ?? "", refused);
  for (const day of [21, 22, 23, 24, 25]) {
    world.day(day);
    sessions.end(run(report), { credits: { model: 2.4, sandbox: 0.2 } });
    const stop_reason = day === 25 ? { type: "requires_action", event_ids: ["evt_1"] } : { type: "end_turn" };
    sessions.end(run(triage), { stop_reason, credits: { model: 0.8, sandbox: 0.1 } });
  }
  const unreachable = { type: "mcp_connection_failed_error", message: "The MCP server licences does not answer." };
  sessions.end(run(audit), { error: unreachable });
  world.api.agents.archive(world.api.deployments.get(review).agent.id);
  world.api.deployments.runBySchedule(review);
  world.api.deployments.pauseByError(review, "agent_archived_error");
  world.api.deployments.pause(digest ?? "");
  const [name, ...args] = command.split(" ");
  expect(name).toBe("status");
  const { stdout, stderr, status } = await world.status(...args);
  expect(`${stdout}${stderr}${status}\n`).toBe(shown);
});
