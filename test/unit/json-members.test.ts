import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { run } from "../../command/main";
import { ended } from "./ended";
import { deployment, useToldPulumi } from "./stack/told-stack";
import { useStatusWorld } from "./status/status-world";

const world = useStatusWorld();
const told = useToldPulumi();
const page = readFileSync(resolve(__dirname, "../../docs/reference/json.md"), "utf8");

/** The names of all members in the value, also of the members of members. What an agent gave to a tool has names of its own. */
function membersIn(value: unknown): string[] {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([name, member]) => [
        ...(Array.isArray(value) ? [] : [name]),
        ...(name === "input" ? [] : membersIn(member)),
      ])
    : [];
}

test.each([
  ["status --stack --since 24h --json"],
  ["limits --stack --json"],
  ["logs failing --stack --json"],
  ["logs failing --stack --history --json"],
  ["logs --stack --since 24h --tool Bash --json"],
  ["calendar --stack --json"],
  ["versions AGENT --json"],
])("each member that %s prints is on the page", async (line) => {
  const ids = ["failing", "gone"].map((name) => world.create(name));
  for (const id of ids) {
    const session = String(world.api.deployments.runBySchedule(id).session_id);
    world.api.sessions.addEvent(session, { type: "agent.tool_use", name: "Bash", input: { unknown: 1 } });
    world.api.sessions.end(session, { error: { type: "billing_error", message: "No credits are left." } });
  }
  world.api.deployments.archive(ids[1] ?? "");
  world.api.agents.edit(world.agent, { description: "newer" });
  told.pulumi.holds(
    world.api.url,
    [deployment("failing", ids[0], "default", { inputs: { name: "failing", limits: { runsPerDay: 3 } } })],
    { "qoder:creditsPerDay": "10" },
  );
  world.at(Date.UTC(2026, 10, 20, 2));
  const environment = line.includes("--stack") ? told.pulumi.environment : world.environment;
  const words = line.replace("AGENT", world.agent).split(" ");
  const { stdout } = await ended((streams) => run(words, environment, streams));
  const members = [...new Set(membersIn(JSON.parse(stdout)))];
  expect(members.length).toBeGreaterThan(6);
  expect(members.filter((name) => !page.includes(`| \`${name}\` |`))).toEqual([]);
});
