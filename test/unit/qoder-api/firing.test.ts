import { type Endings, Firing, fastClock } from "../../qoder-api/firing";
import { type Fields, times, useLab } from "./lab";

const EVERY_MINUTE = { type: "cron", expression: "* * * * *", timezone: "UTC" };

describe("a service that acts by itself", () => {
  const lab = useLab();
  const firing = (endings: Endings = "never", schedules = true) =>
    new Firing(lab.api, () => lab.now, { schedules, endings });
  const dues = () =>
    lab.api.runs.all().map(({ trigger_context: trigger }) => "scheduled_at" in trigger && trigger.scheduled_at);
  const deployment = (fields: Fields = {}) => lab.create({ schedule: EVERY_MINUTE, ...fields });

  test("starts one run at each time of a schedule, of active deployments only", () => {
    const service = firing();
    const id = deployment();
    lab.create({ name: "by hand" });
    lab.api.deployments.pause(deployment({ name: "paused" }));
    lab.api.deployments.archive(deployment({ name: "archived" }));
    expect(service.tick()).toEqual([]);
    lab.set("2026-06-14T08:54:00Z");
    const session = expect.stringMatching(/fired: sess_/);
    expect(service.tick()).toEqual([session]);
    expect(service.tick()).toEqual([]);
    lab.set("2026-06-14T09:04:30Z");
    expect(service.tick()).toHaveLength(10);
    const minutes = times(11, (index) =>
      new Date(Date.UTC(2026, 5, 14, 8, 54 + index)).toISOString().replace(".000", ""),
    );
    expect(dues()).toEqual(minutes);
    expect(lab.api.runs.all().every((run) => run.deployment_id === id)).toBe(true);
  });

  test("starts no run for a time before the deployment was created, and reports why a run has no session", () => {
    const service = firing();
    lab.set("2026-06-14T08:59:30Z");
    deployment();
    lab.api.agents.archive(lab.agent);
    lab.set("2026-06-14T09:00:10Z");
    expect(service.tick()).toEqual([expect.stringMatching(/ fired: agent_archived_error$/)]);
  });

  test("starts no run if schedules are off", () => {
    const service = firing("done", false);
    deployment();
    lab.set("2026-06-14T09:00:00Z");
    expect(service.tick()).toEqual([]);
  });

  test.each<[Endings, string[]]>([
    ["done", ["end_turn", "end_turn", "end_turn"]],
    ["failed", ["retries_exhausted", "retries_exhausted", "retries_exhausted"]],
    ["mixed", ["end_turn", "retries_exhausted", "end_turn"]],
    ["never", ["none", "none", "none"]],
  ])("ends its sessions 17 seconds after their start: %s", (endings, reasons) => {
    const service = firing(endings);
    const id = lab.create();
    const sessions = times(3, () => String(lab.api.deployments.run(id).session_id));
    lab.set("2026-06-14T08:53:49Z");
    expect(service.tick()).toEqual([]);
    lab.set("2026-06-14T08:53:50Z");
    service.tick();
    const ends = sessions.map((session) => lab.api.sessions.events(session).at(-1)?.["stop_reason"]);
    expect(ends.map((reason) => Object(reason).type ?? "none")).toEqual(reasons);
  });

  test("can use a clock that is 60 times as fast as the real clock", () => {
    let real = 1_000;
    const clock = fastClock(60, () => real);
    expect(clock().getTime()).toBe(1_000);
    real += 1_000;
    expect(clock().getTime()).toBe(61_000);
  });
});
