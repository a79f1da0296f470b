import type { SessionEnding } from "../../qoder-api/session-life";
import { invalid, missing, useLab } from "./lab";

describe("a cancel", () => {
  const lab = useLab();
  const started = () => String(lab.api.deployments.run(lab.create()).session_id);
  const cancel = (id: string) => lab.post(`/sessions/${id}/cancel`);
  const statusOf = async (id: string) => (await lab.get(`/sessions/${id}`)).body.status;
  const answer = (id: string, status: number) =>
    expect.objectContaining({ status, body: { id, type: "session", status: "canceling" } });

  test("of a running or rescheduling session is answered with 202, and the session is idle and usable", async () => {
    const id = started();
    expect(await cancel(id)).toEqual(answer(id, 202));
    expect(await statusOf(id)).toBe("idle");
    expect(lab.api.sessions.events(id).at(-1)).toMatchObject({ stop_reason: { type: "cancelled" } });
    expect(lab.api.sessions.resume(id)).toMatchObject({ status: "running" });
    lab.api.sessions.reschedule(id);
    expect(await cancel(id)).toEqual(answer(id, 202));
    expect(await statusOf(id)).toBe("idle");
  });

  test.each<[string, SessionEnding, string]>([
    ["an idle session", {}, "idle"],
    ["a session that waits for a user", { stop_reason: { type: "requires_action", event_ids: [] } }, "idle"],
    ["a terminated session", { status: "terminated" }, "terminated"],
  ])("of %s is answered with 200 and changes nothing", async (_what, ending, status) => {
    const id = started();
    lab.api.sessions.end(id, ending);
    const before = lab.api.sessions.events(id);
    expect(await cancel(id)).toEqual(answer(id, 200));
    expect([await statusOf(id), lab.api.sessions.events(id)]).toEqual([status, before]);
  });

  test("of an archived, deleted or unknown session is answered with 404", async () => {
    const [archived, deleted] = [started(), String(lab.api.deployments.run(lab.create({ name: "b" })).session_id)];
    lab.api.sessions.archive(archived);
    lab.api.sessions.remove(deleted);
    for (const id of [archived, deleted, "sess_none"]) {
      expect(await cancel(id)).toEqual(missing());
    }
  });

  test("may take a while, during which the session shows running or canceling", async () => {
    const id = started();
    lab.api.switches.cancelTakesMs = 10_000;
    expect(await cancel(id)).toEqual(answer(id, 202));
    expect(await statusOf(id)).toBe("running");
    lab.api.switches.cancelingStatus = "canceling";
    expect(await statusOf(id)).toBe("canceling");
    lab.set("2026-06-14T08:53:41Z");
    expect(await cancel(id)).toEqual(answer(id, 202));
    lab.set("2026-06-14T08:53:42Z");
    expect(await statusOf(id)).toBe("idle");
    expect(lab.api.sessions.events(id).at(-1)?.processed_at).toMatch(/^2026-06-14T08:53:42/);
  });

  test("ends a session that waits for a user, if a switch says so", async () => {
    const id = started();
    lab.api.sessions.end(id, { stop_reason: { type: "requires_action" } });
    lab.api.switches.cancelWaiting = "cancelled";
    expect(await cancel(id)).toEqual(answer(id, 200));
    expect(lab.api.sessions.events(id).at(-1)).toMatchObject({ stop_reason: { type: "cancelled" } });
  });

  test("does not change the deployment, and is refused if its body has members", async () => {
    const id = started();
    const deployment = lab.api.deployments.all();
    expect(await lab.post(`/sessions/${id}/cancel`, { why: "x" })).toEqual(invalid());
    expect((await lab.post(`/sessions/${id}/cancel`, {})).status).toBe(202);
    expect(lab.api.deployments.all()).toEqual(deployment);
  });
});
