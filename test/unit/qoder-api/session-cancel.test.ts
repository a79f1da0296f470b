import type { SessionEnding } from "../../qoder-api/session-life";
import { missing, useLab } from "./lab";

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
});
