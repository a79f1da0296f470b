import { Firing } from "../../qoder-api/firing";
import type { Happening } from "../../qoder-api/stand-in-types";
import { type Fields, times, useLab } from "./lab";

const EVERY_MINUTE = { type: "cron", expression: "* * * * *", timezone: "UTC" };

describe("a service that acts by itself", () => {
  const lab = useLab();
  const firing = (happenings: readonly Happening[] = ["never"], schedules = true) =>
    new Firing(lab.api, () => lab.now, { schedules, happenings });
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

  const outcome = { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } };
  const reasonOf = (session: string) => Object(lab.api.sessions.events(session).at(-1)?.["stop_reason"]).type ?? "none";

  test.each<[string, readonly Happening[], string[]]>([
    ["nothing", [], ["end_turn", "end_turn", "end_turn"]],
    ["failed", ["failed"], ["retries_exhausted", "retries_exhausted", "retries_exhausted"]],
    ["done and failed by turns", ["done", "failed"], ["end_turn", "retries_exhausted", "end_turn"]],
    ["three by turns", ["waiting", "budget", "silent"], ["requires_action", "budget_reached", "end_turn"]],
    ["never", ["never"], ["none", "none", "none"]],
    ["never and done by turns", ["never", "done"], ["none", "end_turn", "none"]],
    ["missed alone", ["missed"], ["end_turn", "end_turn", "end_turn"]],
  ])("ends its sessions 17 seconds after their start, with %s", (_, happenings, reasons) => {
    const service = firing(happenings);
    const id = lab.create();
    const sessions = times(3, () => String(lab.api.deployments.run(id).session_id));
    lab.set("2026-06-14T08:53:49Z");
    expect(service.tick()).toEqual([]);
    lab.set("2026-06-14T08:53:50Z");
    service.tick();
    expect(sessions.map(reasonOf)).toEqual(reasons);
  });

  test.each<[Happening, string[], string[]]>([
    ["done", ["satisfied"], ["satisfied"]],
    ["not-satisfied", ["max_iterations_reached"], ["max_iterations_reached"]],
    ["late-grading", [], ["satisfied"]],
  ])("grades an outcome at the end and 20 seconds later: %s", (happening, atEnd, later) => {
    const service = firing([happening]);
    const session = String(lab.api.deployments.run(lab.create({ initial_events: [outcome] })).session_id);
    const results = () => lab.api.sessions.get(session).outcome_evaluations.map(({ result }) => result);
    lab.set("2026-06-14T08:53:50Z");
    service.tick();
    expect(results()).toEqual(atEnd);
    lab.set("2026-06-14T08:54:11Z");
    service.tick();
    expect(results()).toEqual(later);
  });

  test("pauses the deployment of a failed session, and misses every second time of a schedule", () => {
    const service = firing(["missed", "paused-by-service"]);
    const id = deployment();
    lab.set("2026-06-14T08:57:10Z");
    const fired = service.tick();
    expect(fired.filter((line) => line.endsWith(" missed"))).toHaveLength(2);
    expect(lab.api.runs.all()).toHaveLength(2);
    lab.set("2026-06-14T08:57:50Z");
    service.tick();
    expect(lab.api.deployments.get(id)).toMatchObject({ status: "paused", paused_reason: { type: "error" } });
  });
});
