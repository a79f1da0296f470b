import { stateRemarks } from "../../provider/deployment/paused";
import { TemporaryFolder } from "../support/temporary-folder";
import { advisedIn, startAdvised } from "./advised-commands";
import { deployment, useToldPulumi } from "./stack/told-stack";
import { useStatusWorld } from "./status/status-world";

const world = useStatusWorld();
const told = useToldPulumi();
const folder = TemporaryFolder.ofTests();
const noon = Date.UTC(2026, 10, 25, 4);
const waits = { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } };
const failure = { error: { type: "billing_error", message: "No credits are left." } };
const own = "work of -- nobody's";

type Door = Readonly<{ select: readonly string[]; environment: Readonly<Record<string, string>> }>;
/** The workspace of all objects of a test. */
let workspace = "";
const start = (words: readonly string[], { environment }: Pick<Door, "environment">) =>
  startAdvised(world.clock, words, environment);
const doors: readonly (readonly [string, () => Door])[] = [
  ["--all", () => ({ select: ["--all"], environment: world.environment })],
  ["--all --workspace", () => ({ select: ["--all", "--workspace", "ws_1"], environment: world.environment })],
  // Only the configuration of the stack has the token.
  ["--stack prod", () => ({ select: ["--stack", "prod"], environment: told.pulumi.environment })],
];

/** A deployment that is paused in this way. */
function paused(by: "hand" | "service"): void {
  const id = declared(`paused by ${by}`);
  if (by === "hand") {
    world.api.deployments.pause(id);
  } else {
    world.api.deployments.pauseByError(id, "vault_not_found_error");
  }
}

let resources: object[] = [];
beforeEach(() => {
  resources = [];
  workspace = "";
  world.api.switches.cancelWaiting = "cancelled";
  world.at(noon - 4 * 86_400_000);
});

function declared(name: string, more: object = {}, inputs: object = {}): string {
  const { agents, environments, deployments } = world.api;
  const agent = agents.create({}, "mine", workspace).id;
  const environment_id = environments.create({}, "mine", workspace).id;
  const body = { name, agent, environment_id, initial_events: [{ type: "user.message", content: "hello" }], ...more };
  const { id } = deployments.create(body, "mine", workspace);
  resources.push(deployment(`resource of ${name}`, id, "default", { inputs: { name, ...inputs } }));
  return id;
}

function session(name: string, end: object | undefined, passMs = 0, inputs: object = {}): string {
  const id = declared(name, {}, inputs);
  world.at(noon - passMs);
  const started = String(world.api.deployments.run(id).session_id);
  if (end !== undefined) {
    world.api.sessions.end(started, end);
  }
  return id;
}

const schedule = { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const isStack = ({ select }: Door) => select[0] === "--stack";
const running = ({ select }: Door, ...args: string[]) => ["run", ...args, ...select.filter((word) => word !== "--all")];

/** A situation, the commands that meet it, and how many commands these advise. `fails`: what an advised command may find wrong. */
const situations: readonly (readonly [
  string,
  prepare: () => unknown,
  ask: (door: Door) => readonly (readonly string[])[],
  count: number,
])[] = [
  ["a session hangs", () => session("hangs", undefined, 5 * 3_600_000), ({ select }) => [["status", ...select]], 1],
  ["a run waits", () => session("waits", waits), ({ select }) => [["status", ...select, "--since", "24h"]], 1],
  [
    "a fleet has all sorts of causes",
    () => {
      for (let index = 0; index < 18; index += 1) {
        declared(`calm ${index}`);
      }
      declared("missed", { schedule });
      paused("service");
      session("hangs", undefined, 5 * 3_600_000);
      session(own, failure);
      session("waits", waits);
    },
    ({ select }) => [["status", ...select, "--since", "24h", "--strict"]],
    7,
  ],
  ["an earlier pause holds", () => declared("daily"), ({ select }) => Array(2).fill(["pause", ...select]), 2],
  [
    "two pauses hold",
    () => ["one", "two"].map((name) => declared(name, { metadata: { name } })),
    ({ select }) => [
      ["pause", ...select, "--label", "name=one"],
      ["pause", ...select, "--label", "name=two"],
      ["resume", ...select, "--dry-run"],
    ],
    2,
  ],
  [
    "others have paused them",
    () => [paused("hand"), paused("service")],
    ({ select }) => [["resume", ...select, "--dry-run"]],
    2,
  ],
  ["a person has paused the deployment", () => paused("hand"), (door) => [running(door, "paused by hand")], 1],
  ["the service has paused the deployment", () => paused("service"), (door) => [running(door, "paused by service")], 1],
  [
    "a run that does not end as it should",
    () => {
      declared("daily");
      world.api.fault({ kind: "status", status: 403, method: "GET", path: /\/sessions\/sess_\w+$/, times: 1 });
    },
    (door) => [running(door, "daily", "--wait")],
    1,
  ],
  [
    "a limit is used up while a session works",
    () => {
      session("costly", undefined, 0, { limits: { runsPerDay: 1 } });
      world.api.deployments.run(String(world.api.deployments.all()[0]?.id));
    },
    (door) => (isStack(door) ? [["limits", ...door.select, "--pause"]] : []),
    2,
  ],
];

test.each(doors.flatMap(([door, use]) => situations.map((row) => [door, ...row, use] as const)))(
  "with %s, if %s, each command that is advised works as printed",
  async (doorName, __, prepare, ask, count, use) => {
    workspace = doorName.endsWith("workspace") ? "ws_1" : "";
    prepare();
    world.at(noon + 60_000);
    told.pulumi.holds(world.api.url, resources);
    const door = use();
    let said = "";
    for (const words of ask(door)) {
      const { stdout, stderr } = await start(words, door);
      said += `${stdout}${stderr}`;
    }
    const commands = [...new Map(advisedIn(said).map((words) => [words.join(" "), words])).values()];
    expect(commands).toHaveLength(ask(door).length === 0 ? 0 : count);
    for (const words of commands) {
      const { status, stderr } = await start(words, door);
      expect({ words, status, stderr }).toEqual({
        words,
        // What `status` and `limits` see is still wrong.
        status: ["status", "limits"].includes(words[0] ?? "") ? expect.any(Number) : 0,
        stderr: expect.not.stringMatching(/failed:|Not |no Qoder access token|See `npx/),
      });
    }
  },
);

test("import says for the pause of a command what starts it, also if it only prints the program", async () => {
  workspace = "ws_1";
  const id = declared("daily");
  const door = { environment: world.environment };
  await start(["pause", id, "--workspace", "ws_1"], door);
  for (const more of [[], ["--out", folder.path]]) {
    const { stdout, stderr } = await start(["import", id, "--workspace", "ws_1", ...more], door);
    expect(`${stdout}${stderr}`).not.toContain("paused: true,");
    expect(advisedIn(stderr)).toEqual([["resume", id, "--workspace", "ws_1"]]);
  }
  expect(await start(["resume", id, "--workspace", "ws_1"], door)).toMatchObject({ status: 0, stderr: "" });
});

test("a preview advises a command that starts what the service has paused in the account of the stack", async () => {
  paused("service");
  told.pulumi.holds(world.api.url, resources);
  const [remark] = stateRemarks({ status: "paused", pausedReason: { type: "error" } }, {});
  const [words = []] = advisedIn(String(remark?.text));
  const { status, stdout } = await start(words, { environment: told.pulumi.environment });
  expect([status, stdout]).toEqual([0, expect.stringContaining("1 started")]);
});
