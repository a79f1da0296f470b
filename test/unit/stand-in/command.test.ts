import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runStandIn } from "../../../command/stand-in/main";
import { startStandIn } from "../../qoder-api/stand-in";
import { ended } from "../ended";

type Start = typeof startStandIn;
const onInterruption = (stop: () => void) => {
  setImmediate(stop);
  return () => {};
};
/** Runs the command, which a person stops at once. */
const standIn = (line: string, start: Start = startStandIn) =>
  ended((streams) => runStandIn(line.split(" "), streams, { start, onInterruption }));
/** Sends a request to a stand-in, and reads its answer. */
const send = async ({ environment }: Awaited<ReturnType<Start>>, path: string, body?: object) => {
  const headers = { Authorization: `Bearer ${environment["QODER_PAT"]}`, "Content-Type": "application/json" };
  const request = body === undefined ? { headers } : { method: "POST", headers, body: JSON.stringify(body) };
  await (await fetch(`${environment["QODER_BASE_URL"]}${path}`, request)).text();
};

test("prints the variables of the README, and ends with status 0 when a person stops it", async () => {
  const { status, stdout, stderr } = await standIn("--port 0 --token pt-mine");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toMatch(
    /^export QODER_BASE_URL=http:\/\/127\.0\.0\.1:\d+\/api\/v1\/cloud QODER_PAT=pt-mine PULUMI_CONFIG_PASSPHRASE=demo\n/,
  );
  expect(stdout).toMatch(/^# export QODER_SA_KEY=sk-\S+ QODER_OPENAPI_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m);
  expect(stdout).toMatch(/^# An agent and an environment exist: agent_\w+ and env_\w+$/m);
  expect(stdout).toMatch(/^# Where the pages of the API leave a choice, .* QODER_API_LATITUDE=\d+$/m);
});

test("passes each option on, and a list of happenings in one option or in several", async () => {
  let given: unknown;
  await standIn("--port=0 --fire --speed 3600 --with waiting,budget --with=missed --generation=1", (options) => {
    given = options;
    return startStandIn(options);
  });
  const happenings = ["waiting", "budget", "missed"];
  expect(given).toEqual({ port: 0, token: "pt-demo", generation: 1, fire: true, speed: 3_600, with: happenings });
});

test("--log prints requests without the token", async () => {
  const { stderr } = await standIn("--port=0 --log", async (options) => {
    const started = await startStandIn(options);
    await send(started, "/agents");
    return started;
  });
  expect(stderr).toMatch(/ GET \/agents 200 /);
  expect(stderr).not.toContain("pt-demo");
});

test("--log prints what it got as escapes, one line for each request", async () => {
  const lines: string[] = [];
  const started = await startStandIn({ log: (line) => lines.push(line) });
  const hostile = encodeURIComponent("x\u001b[2J\u202e\u2028\u009b1m\nGET /forged");
  await send(started, `/agents/${hostile}?name=${hostile}`);
  await started.close();
  expect(lines).toHaveLength(1);
  expect(lines.join("")).toContain("GET /agents/");
  expect(lines.join("")).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
});

test.each([
  ["--port http", '--port takes a whole number from 0 to 65535, not "http"'],
  ["--port 70000", '--port takes a whole number from 0 to 65535, not "70000"'],
  ["--speed 0", '--speed takes a whole number from 1 to 100000, not "0"'],
  ["--generation 3", '--generation takes 1 or 2, not "3"'],
  ["--with wating", '--with does not take "wating"; did you mean waiting?'],
  ["--with toString", '--with does not take "toString"; it takes done, failed, waiting,'],
  ["--with waiting,,budget", '--with does not take ""'],
])("%j is a wrong command line", async (line, problem) => {
  const { status, stderr } = await standIn(line);
  expect(status).toBe(64);
  expect(stderr).toContain(`pulumi-qoder: ${problem}`);
});

test("without the package of the stand-in, the error says how to get it", () => {
  const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-"));
  const command = join(__dirname, "..", "..", "..", "dist", "command", "main.js");
  const { status, stderr } = spawnSync(process.execPath, [command, "stand-in"], { cwd: folder, encoding: "utf8" });
  rmSync(folder, { recursive: true });
  expect(status).toBe(1);
  expect(stderr.replace(/\s+/g, " ")).toContain(
    "run `npm install --save-dev pulumi-qoder-stand-in`; until the first release, run `npm ci",
  );
});

test("startStandIn shows requests, live objects and runs to a test of a program", async () => {
  const started = await startStandIn({ with: ["waiting"] });
  const initial_events = [{ type: "user.message", content: "hello" }];
  const body = { name: "daily", agent: started.agentId, environment_id: started.environmentId, initial_events };
  await send(started, "/deployments", body);
  expect(started.requests()).toEqual([{ method: "POST", path: "/deployments", body, status: 200 }]);
  const [deployment] = started.live("deployments");
  expect(deployment).toMatchObject({ name: "daily", status: "active" });
  expect(started.run(String(deployment?.["id"]))).toMatch(/^drun_/);
  await send(started, `/deployments/${deployment?.["id"]}/archive`, {});
  expect(started.live("deployments")).toEqual([]);
  await started.close();
});

test("a mock does not start on a taken port, and says how to take a free one", async () => {
  const other = await startStandIn();
  const { port } = new URL(other.environment["QODER_BASE_URL"] ?? "");
  await expect(startStandIn({ port: Number(port) })).rejects.toThrow(
    `port ${port} is taken, perhaps by the mock of somebody else, whose objects your programs would change. Stop it, or take a free port: --port 0`,
  );
  await other.close();
});
