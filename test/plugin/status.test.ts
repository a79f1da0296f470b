import { runPause } from "../../command/pause/main";
import { runResume } from "../../command/resume/main";
import { holdsKey } from "../../provider/deployment/holds";
import { betweenCommandsMs, doors, useDoor, World } from "../support/world";
import { type Ended, ended } from "../unit/ended";

const holdOfUp = /^\[\{"id":"up","who":"program","when":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}\]$/;

const world = World.ofTests();
type Stack = ReturnType<World["stack"]>;

describe("pause", () => {
  test("a manual pause is drift if the program has paused: false, and no difference if the program leaves out paused", async () => {
    const managed = world.stack();
    await managed.up(world.args({ paused: false }));
    world.api.deployments.pause(world.live.id);
    world.sent();
    expect(await managed.refresh()).toBe("update");
    expect(await managed.up(world.args({ paused: false }))).toBe("update");
    expect(world.sent().slice(1)).toEqual([["POST", `/deployments/${world.live.id}/unpause`]]);
    expect(await managed.preview(world.args({ paused: false }))).toBe("same");
    world.reset();

    const unmanaged = world.stack();
    await unmanaged.up(world.args());
    world.api.deployments.pause(world.live.id);
    await unmanaged.findsNoDifference(world.args());
    expect(unmanaged.state?.outputs).toMatchObject({ status: "paused", pausedReason: { type: "manual" } });
  });

  test.each([
    [
      { type: "error", error: { type: "agent_archived_error" } },
      "after a failed run (agent_archived_error). Correct the cause, then run `npx pulumi-qoder resume --stack --paused-by-service`",
    ],
    [
      { type: "budget_exceeded" },
      "for the reason budget_exceeded. Correct the cause, then run `npx pulumi-qoder resume --stack --paused-by-service`",
    ],
  ])("a pause by the service with the reason %j causes a warning, and no request", async (reason, words) => {
    const stack = world.stack();
    await stack.up(world.args({ paused: false }));
    world.api.deployments.pauseByError(world.live.id, "agent_archived_error");
    world.api.deployments.overwrite(world.live.id, Object({ paused_reason: reason }));
    expect(await stack.refresh()).toBe("same");
    world.sent();
    world.output.length = 0;
    expect(await stack.up(world.args({ paused: false }))).toBe("same");
    expect(world.sent()).toEqual([]);
    expect(world.output.join()).toContain(
      `warning: QoderDeployment "daily" (${world.live.id}): the service paused this deployment ${words}`,
    );
    expect(stack.state?.outputs["pausedReason"]).toEqual(reason);
  });

  test("after a refresh a preview reports a pause by hand, and shows no next run of the deployment", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    world.api.deployments.pause(world.live.id);
    await stack.refresh();
    const later = world.args({ schedule: { expression: "0 11 * * *", timezone: "UTC" } });
    world.output.length = 0;
    expect(await stack.preview(later)).toBe("update");
    const shown = world.output.join("\n");
    expect(shown).toContain(
      `(${world.live.id}): this deployment was paused by hand when the state last read it (updated at ${stack.state?.outputs["updatedAt"]}), and the program leaves \`paused\` out. To start it, set \`paused: false\`; if it runs already, \`pulumi refresh\` ends this note`,
    );
    expect(shown).not.toContain("Next runs");
    world.api.deployments.unpause(world.live.id);
    await stack.refresh();
    world.output.length = 0;
    await stack.preview(later);
    expect(world.output.join("\n")).toContain("Next runs");
  });

  test("a refresh removes the reason of an earlier pause if the deployment is active and the reply has no reason", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    world.api.deployments.pause(world.live.id);
    await stack.refresh();
    expect(stack.state?.outputs["pausedReason"]).toEqual({ type: "manual" });
    world.api.deployments.unpause(world.live.id);
    world.api.fault({ kind: "replace-body", method: "GET", transform: ({ paused_reason: _, ...reply }) => reply });
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ status: "active", pausedReason: null });
  });

  test("after a failed pause the next `up` sends the pause, also if the reply to the create had no status", async () => {
    const told = ({ status: _, paused_reason: __, ...reply }: Readonly<Record<string, unknown>>) => reply;
    world.api.fault({ kind: "replace-body", method: "POST", path: "/deployments", transform: told });
    world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 403 });
    const stack = world.stack();
    await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
    world.sent();
    await stack.up(world.args({ paused: true }));
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);

    await stack.up(world.args({ paused: false }));
    const changed = world.args({ paused: true, description: "new" });
    world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 403 });
    await expect(stack.up(changed)).rejects.toThrow("was done in part");
    world.sent();
    await stack.up(changed);
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
    expect(world.live.status).toBe("paused");
  });

  test.each([
    ["is not in the state", { paused: false }, async () => {}],
    ["a refresh recorded, of a program without paused", {}, (stack: Stack) => stack.refresh()],
  ] as const)("`up` marks a deployment whose pause %s, after a GET", async (_, before, meanwhile) => {
    const stack = world.stack();
    await stack.up(world.args(before));
    world.api.deployments.pause(world.live.id);
    await meanwhile(stack);
    world.sent();
    const { id } = world.live;
    await stack.up(world.args({ paused: true }));
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${id}/pause`],
      ["GET", `/deployments/${id}`],
      ["POST", `/deployments/${id}`, { metadata: { [holdsKey]: expect.stringMatching(holdOfUp) } }],
    ]);
    await stack.findsNoDifference(world.args({ paused: true }));
  });

  test("`up` succeeds with a warning if the service refuses the mark of a deployment that was paused already", async () => {
    const stack = world.stack();
    await stack.up(world.args({ paused: false }));
    const { id } = world.live;
    world.api.deployments.pause(id);
    world.api.fault({ kind: "status", status: 400, method: "POST", path: `/deployments/${id}` });
    await stack.up(world.args({ paused: true }));
    expect(world.output.join("\n")).toContain("did not take the mark by which `pulumi-qoder resume` knows");
    expect(stack.state?.outputs).toMatchObject({ paused: true, status: "paused" });
  });

  const starters = ["it starts", "somebody has started already"] as const;
  test.each(doors.flatMap((door) => starters.map((starter) => [door, starter] as const)))(
    "door %s: an `up` with paused: false removes the mark of a deployment that %s, once",
    async (door, starter) => {
      const isStarted = starter === "somebody has started already";
      useDoor(door);
      const stack = world.stack();
      await stack.up(world.args({ paused: false }));
      const { id } = world.live;
      world.api.deployments.pause(id);
      await stack.up(world.args({ paused: true }));
      expect(Object.keys(world.live.metadata)).toEqual([holdsKey]);
      if (isStarted) {
        world.api.deployments.unpause(id);
      }
      world.sent();
      await stack.up(world.args({ paused: false }));
      expect(world.sent()).toEqual([
        ["POST", `/deployments/${id}/unpause`],
        ...(isStarted ? [["GET", `/deployments/${id}`]] : []),
        ["POST", `/deployments/${id}`, { metadata: { [holdsKey]: null } }],
      ]);
      expect(world.live).toMatchObject({ status: "active", metadata: {} });
      await stack.findsNoDifference(world.args({ paused: false }));
      await stack.up(world.args({ paused: true }));
      world.sent();
      await stack.up(world.args({ paused: false }));
      expect(world.sent()).toEqual([["POST", `/deployments/${id}/unpause`]]);
    },
  );
});

const hour = 60 * 60_000;

const incidents: readonly (readonly [string, (stack: Stack) => Promise<unknown>, "paused" | "active"])[] = [
  ["`up` with paused: true", (stack) => stack.up(world.args({ paused: true })), "paused"],
  [
    "`up` with paused: true, then another `up` that changes the description",
    async (stack) => {
      await stack.up(world.args({ paused: true }));
      await stack.up(world.args({ paused: true, description: "corrected" }));
    },
    "paused",
  ],
  [
    "a refresh, and `up` with paused: true",
    async (stack) => {
      await stack.refresh();
      await stack.up(world.args({ paused: true }));
    },
    "paused",
  ],
  [
    "`up` with paused: true and `up` with paused: false",
    async (stack) => {
      await stack.up(world.args({ paused: true }));
      await stack.up(world.args({ paused: false }));
      expect(world.live.metadata).not.toHaveProperty(holdsKey);
    },
    "active",
  ],
  [
    "`up` with paused: true, after which a person started the deployment and paused it",
    async (stack) => {
      await stack.up(world.args({ paused: true }));
      world.clock.pass(hour);
      world.api.deployments.unpause(world.live.id);
      world.clock.pass(hour);
      world.api.deployments.pause(world.live.id);
    },
    "paused",
  ],
  ["`up` that leaves paused out", (stack) => stack.up(world.args({ description: "corrected" })), "active"],
  ["nothing", async () => {}, "active"],
];
test.each(incidents.flatMap(([what, meanwhile, status]) => doors.map((door) => ({ what, door, meanwhile, status }))))(
  "after a pause and $what through the door $door, resume without --stack starts the deployment unless a program stops it",
  async ({ door, meanwhile, status }) => {
    useDoor(door);
    const stack = world.stack();
    await stack.up(world.args());
    expect(await commands.pause(world.live.id)).toMatchObject({ status: 0 });
    world.clock.pass(hour);
    await meanwhile(stack);
    // The id starts any pause by hand that no program declares.
    expect(await commands.resume(world.live.id)).toMatchObject({ status: 0, stderr: "" });
    expect(world.live.status).toBe(status);
  },
);

test.each(doors)(
  "door %s: a pause by a command is no difference, a preview names it, and an `up` of labels keeps it",
  async (door) => {
    useDoor(door);
    const args = world.args({ metadata: { team: "search" } });
    const stack = world.stack();
    await stack.up(args);
    const { id } = world.live;
    await commands.pause(id);
    const marks = { [holdsKey]: expect.any(String) };
    expect(world.live.metadata).toMatchObject(marks);
    world.sent();
    await stack.findsNoDifference(args);
    expect(stack.state?.outputs).toMatchObject({ status: "paused", metadata: { team: "search" } });
    const [, hold] = /"id":"(p-\w{4})"/.exec(JSON.stringify(world.live.metadata[holdsKey]).replaceAll("\\", "")) ?? [];
    expect(world.output.join("\n")).toContain(
      `this deployment was paused by \`pulumi-qoder pause\` (${hold}) when the state last read it`,
    );
    expect(world.output.join("\n")).toContain(`To start it, run \`npx pulumi-qoder resume ${hold} --stack\``);
    await stack.findsNoDifference(args);
    world.sent();
    await stack.up(world.args({ metadata: { team: "infra" } }));
    expect(world.sent()).toEqual([["POST", `/deployments/${id}`, { metadata: { team: "infra" } }]]);
    expect(world.live.metadata).toMatchObject({ team: "infra", ...marks });
    expect(await commands.resume(id)).toMatchObject({ stdout: expect.stringContaining("1 started") });
    expect(world.live).toMatchObject({ status: "active", metadata: expect.not.objectContaining(marks) });
  },
);

test.each(doors)("door %s: an `up` with paused: true during the question of a resume keeps the pause", async (door) => {
  useDoor(door);
  const stack = world.stack();
  await stack.up(world.args({ paused: false }));
  const { id } = world.live;
  world.api.deployments.pauseByError(id, "agent_archived_error");
  const ask = async () => {
    await stack.up(world.args({ paused: true }));
    world.passTime(betweenCommandsMs);
    world.sent();
    return true;
  };
  const { status, stdout } = await commanded(runResume, [id, "--paused-by-service"], ask);
  expect([status, stdout]).toEqual([0, expect.stringContaining("a program stops it")]);
  expect([world.live.status, world.sent()]).toEqual(["paused", [["GET", `/deployments/${id}`]]]);
});

/** The commands pause and resume, each as a process of its own on some machine. */
const commands = {
  pause: (id: string) => commanded(runPause, [id, "--yes"]),
  resume: (id: string) => commanded(runResume, [id, "--yes"]),
};

function commanded(run: typeof runPause, args: readonly string[], ask?: () => Promise<boolean>): Promise<Ended> {
  const environment = { QODER_PAT: "pt-test", QODER_BASE_URL: world.api.url };
  world.passTime(betweenCommandsMs);
  return ended((streams) => run(args, environment, streams, { clock: world.clock, ask }));
}

test("`up` fails after a 409 on a pause if the deployment is archived", async () => {
  const stack = world.stack();
  await stack.up(world.args({ paused: false }));
  const { id } = world.live;
  world.api.deployments.pause(id);
  world.api.deployments.archive(id);
  await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("409");
});

test("`up` pauses a new deployment that the service does not show yet, as soon as a GET shows it", async () => {
  world.reset({ hiddenForMs: 10_000 });
  const stack = world.stack();
  await stack.up(world.args({ paused: true }));
  const { id } = world.live;
  const pause = ["POST", `/deployments/${id}/pause`];
  const [create, first, ...looks] = world.sent();
  expect([create, first, looks.pop()]).toEqual([["POST", "/deployments", expect.anything()], pause, pause]);
  expect(new Set(looks.map(String))).toEqual(new Set([`GET,/deployments/${id}`]));
  expect(stack.state?.outputs["status"]).toBe("paused");
});

test("the next `up` sends an unpause that failed after an update, even if the service had paused the deployment", async () => {
  const stack = world.stack();
  await stack.up(world.args({ paused: true }));
  const { id } = world.live;
  world.api.deployments.pauseByError(id, "vault_not_found_error");
  const changed = world.args({ paused: false, description: "new" });
  world.api.fault({ kind: "status", method: "POST", path: /\/unpause$/, status: 403 });
  await expect(stack.up(changed)).rejects.toThrow("was done in part");
  world.sent();
  await stack.up(changed);
  expect(world.sent()).toEqual([["POST", `/deployments/${id}/unpause`]]);
});

test.each<[string, (stack: Stack) => Promise<unknown>]>([
  ["an `up` has changed the status", async (stack) => stack.up(world.args({ paused: false }))],
  [
    "the program has taken over that somebody started the deployment",
    async (stack) => {
      world.api.deployments.unpause(world.live.id);
      await stack.refresh();
    },
  ],
])("an `up` with paused: false never unpauses what the service stopped, after %s", async (_, steps) => {
  const stack = world.stack();
  await stack.up(world.args({ paused: true }));
  await steps(stack);
  await stack.up(world.args({ paused: false }));
  world.api.deployments.pauseByError(world.live.id, "agent_archived_error");
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.outputs["paused"]).toBe(false);
  world.sent();
  await stack.up(world.args({ paused: false }));
  expect(world.sent()).toEqual([]);
  expect(world.live).toMatchObject({ status: "paused" });
});
