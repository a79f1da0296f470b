import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { runLogs } from "../../../command/logs/main";
import { runRun } from "../../../command/run/main";
import { systemClock } from "../../../provider/api/clock";
import { TemporaryFolder } from "../../support/temporary-folder";
import { secondToken } from "../command-world";
import { ended } from "../ended";
import { createInAccount, deployment, useToldPulumi } from "../stack/told-stack";
import { minute, token, unscheduled, useStatusWorld } from "../status/status-world";

const world = useStatusWorld();
const told = useToldPulumi();
/** Two in the morning in Shanghai, when the incident began; the command is asked at four. */
const incident = Date.UTC(2026, 10, 20, 18);
const folder = TemporaryFolder.ofTests();

const logs = (...args: string[]) =>
  ended((streams) => runLogs(args, world.environment, streams, "Asia/Shanghai"), undefined, ["pt-secret-of-the-shell"]);

function work(id: string, at: number, ...tickets: readonly number[]): { run: string; session: string } {
  world.at(at);
  const { id: run, session_id: started } = world.api.deployments.run(id);
  const session = String(started);
  const add = (type: string, members: object) => world.api.sessions.addEvent(session, { type, ...members });
  for (const ticket of tickets) {
    const input = { ticket, text: "Hi" };
    const call = add("agent.mcp_tool_use", { mcp_server_name: "tickets", name: "comment", input });
    add("agent.mcp_tool_result", { mcp_tool_use_id: call.id, content: [{ type: "text", text: `posted ${ticket}` }] });
  }
  add("agent.tool_use", { name: "Bash", input: { command: "ls pt-secret-of-the-shell" } });
  world.api.sessions.end(session, { message: "All tickets are answered." });
  return { run, session };
}

/** Two deployments with runs before and in the incident, and one that a person calls `../up`. */
function fleet() {
  world.at(incident - 60 * minute);
  const [one, two, odd] = ["triage", "digest", "../up"].map((name) => world.create(name, unscheduled));
  work(one ?? "", incident - 30 * minute, 1);
  world.at(incident - 20 * minute);
  const late = String(world.api.deployments.run(String(two)).session_id);
  const [first, second, third] = [
    work(one ?? "", incident + minute, 7, 8),
    work(one ?? "", incident + 2 * minute, 9),
    work(odd ?? "", incident + 3 * minute),
  ];
  world.at(incident + 5 * minute);
  world.api.sessions.end(late, { message: "Late." });
  world.at(incident + 120 * minute);
  return { ids: [one, two, odd].map(String), runs: { first, second, third }, late };
}

test("logs --since --out writes a text and a JSON file for each run that began or ended since then", async () => {
  const { runs, late } = fleet();
  const out = folder.at("evidence");
  const { status, stdout, stderr } = await logs("--all", "--since", "2026-11-20T18:00:00Z", "--out", out);
  const summary = `4 runs of 3 deployments, a text and a JSON file each, in ${out}\n`;
  expect([status, stderr, stdout]).toEqual([0, "", summary]);
  const files = readdirSync(out).sort();
  expect(files).toHaveLength(8);
  expect(files.filter((file) => !/^[A-Za-z0-9_][\w.-]*\.(txt|json)$/.test(file))).toEqual([]);
  const text = files.find((file) => file.startsWith("triage_") && file.endsWith(`${runs.first.run}.txt`)) ?? "";
  expect(readFileSync(join(out, text), "utf8")).toMatch(
    /tool {5}tickets\/comment \{"text":"Hi","ticket":7\}[\s\S]*All tickets are answered/,
  );
  const all = files.map((file) => readFileSync(join(out, file), "utf8")).join("");
  expect(all).not.toContain("pt-secret-of-the-shell");
  expect(all).toContain(late);
  const [log] = JSON.parse(readFileSync(join(out, text.replace(/txt$/, "json")), "utf8"));
  expect(JSON.stringify(log)).toContain(runs.first.session);
  expect(files.map((file) => statSync(join(out, file)).mode & 0o077)).toEqual(files.map(() => 0));
  const again = await logs("--all", "--since", "2026-11-20T18:00:00Z", "--out", out);
  expect([again.status, readdirSync(out)]).toEqual([0, files]);
});

test.each([
  ["comment", 3],
  ["tickets/comment", 3],
  ["ment", 0],
  ["Bash", 3],
])("logs --since --tool %s lists each call with its arguments and its result", async (tool, count) => {
  const { ids, runs } = fleet();
  const { status, stdout } = await logs(...ids, "--since", "02:00", "--tool", tool);
  const rows = stdout.trimEnd().split("\n");
  // Zero calls of a misspelt tool would calm the person who asks.
  const more = count === 0 ? ", which called Bash, tickets/comment" : "";
  expect([status, rows.at(-1)]).toEqual([
    0,
    `${count} call${count === 1 ? "" : "s"} in 4 runs of 3 deployments${more}`,
  ]);
  expect(rows).toHaveLength(count + 1);
  if (count === 3 && tool !== "Bash") {
    expect(rows).toContain(
      `Sat 2026-11-21 02:01 triage ${runs.first.run} tickets/comment {"text":"Hi","ticket":7} -> posted 7`,
    );
    const asked = await logs(...ids, "--since", "02:00", "--tool", tool, "--json");
    const { run: runId, session: sessionId } = runs.second;
    expect(JSON.parse(asked.stdout)).toContainEqual({
      ...{ deployment: { id: ids[0], name: "triage", resource: null }, runId, sessionId },
      ...{ at: expect.any(String), tool: "tickets/comment", input: { ticket: 9, text: "Hi" }, result: "posted 9" },
    });
  }
});

test("a tool whose name has a blank is listed by its name, and a session that was not read to its end proves no absence", async () => {
  world.at(incident);
  const id = world.create("long", unscheduled);
  const session = String(world.api.deployments.run(id).session_id);
  const add = (type: string, members: object) => world.api.sessions.addEvent(session, { type, ...members });
  add("agent.tool_use", { name: "delete", input: { path: "/" } });
  for (let count = 0; count < 2_000; count += 1) {
    add("agent.tool_use", { name: "read file", input: "a b" });
  }
  world.api.sessions.end(session, {});
  const rest = [id, "--since", "3h", "--tool"];
  const read = await logs(...rest, "read file", "--json");
  expect(JSON.parse(read.stdout).at(-1)).toMatchObject({ tool: "read file", input: "a b" });
  expect(await logs(...rest, "delete")).toMatchObject({
    status: 1,
    stdout: "at least 0 calls in 1 run of 1 deployment, which called read file\n",
    stderr: `Not known: ${session}\n  it has more events than the command reads, and they may have more calls\n`,
  });
});

test("logs --since of a stack reads each deployment of the stack, and names the one that cannot be read", async () => {
  const { ids } = fleet();
  told.pulumi.holds(
    world.api.url,
    ids.map((id, index) => deployment(`resource-${index}`, id, "default", { inputs: { expectedArtifacts: ["a.md"] } })),
  );
  world.fault(`/deployments/${ids[1]}/runs`, { status: 403 });
  const { status, stdout, stderr } = await ended((streams) =>
    runLogs(["--stack", "--since", "3h", "--out", folder.path], told.pulumi.environment, streams, "Asia/Shanghai"),
  );
  expect(status).toBe(1);
  expect(stdout).toMatch(/^4 runs of 2 deployments, /);
  const saved = readdirSync(folder.path).filter((name) => name.endsWith(".txt"));
  expect(saved.some((name) => readFileSync(folder.at(name), "utf8").includes("done, a.md is missing"))).toBe(true);
  expect(stderr).toMatch(new RegExp(`^Not known: ${ids[1]}`));
});

test.each([-3 * 60 * minute, 26 * 60 * minute])(
  "logs --since 02:00 counts by the clock of the service, if that of the machine is %i ms ahead",
  async (aheadMs) => {
    const { ids } = fleet();
    jest.spyOn(systemClock, "now").mockImplementation(() => world.clock.now() + aheadMs);
    const { stdout } = await logs(...ids, "--since", "02:00", "--tool", "comment");
    expect(stdout).toMatch(/\n3 calls in 4 runs of 3 deployments\n$/);
  },
);

test.each([
  ["in the future by the clock of the service alone", 10 * minute],
  ["in the future by both clocks", 0],
])("a time that is %s is a wrong command line of each command", async (_, aheadMs) => {
  fleet();
  const since = new Date(world.clock.now() + 5 * minute).toISOString().replace(/\.\d+/, "");
  jest.spyOn(systemClock, "now").mockImplementation(() => world.clock.now() + aheadMs);
  const surroundings = { clock: systemClock, ask: undefined, timeZone: "UTC" };
  const refused = { status: 64, stderr: expect.stringContaining(`"${since}" is still to come. See`) };
  expect(await logs("--all", "--since", since, "--tool", "x")).toMatchObject(refused);
  expect(await world.status("--all", "--since", since)).toMatchObject(refused);
  const missed = ["--missed", "--since", since, "--yes"];
  const run = await ended((streams) => runRun(missed, world.environment, streams, surroundings));
  expect(run).toMatchObject(refused);
});

test.each([
  ["a name of the program", () => ["nightly", "--stack", "dev"]],
  ["the id of a deployment, after `--` too,", (id: string) => ["--stack", "--", id]],
])("with --stack %s selects the deployment in its account, and no secret of the state is printed", async (_, words) => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly-dev")];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: secondToken });
  world.run(two, { message: `I found ${token} and ${secondToken}.` });
  const { status, stdout, stderr } = await ended((streams) =>
    runLogs(words(two), told.pulumi.environment, streams, "Asia/Shanghai"),
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`deployment ${two} "nightly-dev"\n`);
  expect(stdout).toMatch(/ agent {4}I found \[secret\] and \[secret\]\.\n$/);
  expect(world.api.requests.every((request) => request.token === secondToken)).toBe(true);
});

test("logs --since without a run since then ends with 1", async () => {
  fleet();
  const { status, stdout } = await logs("--all", "--since", "30m", "--tool", "comment");
  expect([status, stdout]).toEqual([1, "0 calls in 0 runs of 0 deployments\n"]);
});

test.each([
  [["triage", "digest"], "give one deployment"],
  [["--all", "--since", "24h"], "with --out FOLDER or --tool NAME"],
  [["--all", "--since", "24h", "--out", "x", "--last", "3"], "go with one deployment"],
  [["--all", "--since", "yesterday", "--out", "x"], "--since takes a time that has passed"],
])("logs %j is a wrong command line", async (args, reason) => {
  expect(await logs(...args)).toMatchObject({ status: 64, stdout: "", stderr: expect.stringContaining(reason) });
});
