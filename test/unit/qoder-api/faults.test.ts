import { type After, afterRealTime } from "../../qoder-api/faults";
import type { Fault } from "../../qoder-api/index";
import { until } from "../../support/until";
import { useLab } from "./lab";

describe("a fault", () => {
  /** The waits of a minute or longer, which no client awaits, and what the service does after them. */
  const waits: (() => void)[] = [];
  const after: After = (milliseconds, action) => {
    if (milliseconds < 60_000) return afterRealTime(milliseconds, action);
    waits.push(action);
    return () => {};
  };
  const lab = useLab({ after });
  beforeEach(() => {
    waits.length = 0;
  });

  /** The answer of a create as the client saw it, whether the service acted, and the logged status. */
  const create = async (fault: Fault, waitsInVain = false) => {
    lab.api.fault(fault);
    const abort = new AbortController();
    const init = { method: "POST", headers: { authorization: "Bearer pt-test" }, body: JSON.stringify(lab.body()) };
    let got = "no answer";
    let text = "";
    try {
      const answered = fetch(`${lab.api.url}/deployments`, { ...init, signal: abort.signal });
      if (waitsInVain && (fault.kind === "silence" || fault.kind === "delay")) {
        await until(
          () => waits.length > 0,
          () => "the service waits",
        );
        abort.abort();
      }
      const answer = await answered;
      got = `${answer.status} without body`;
      if (waitsInVain) abort.abort();
      text = await answer.text();
      got = String(answer.status);
    } catch {}
    return { got, text, acted: lab.api.deployments.all().length === 1, recorded: lab.api.requests[0]?.status };
  };

  test.each<[Fault, got: string, acted: boolean, recorded: number | undefined]>([
    [{ kind: "status", status: 503 }, "503", false, 503],
    [{ kind: "status-after", status: 500 }, "500", true, 500],
    [{ kind: "reset-before" }, "no answer", false, undefined],
    [{ kind: "reset-after" }, "no answer", true, undefined],
    [{ kind: "delay", delayMs: 20 }, "200", true, 200],
    [{ kind: "slow-body", delayMs: 50 }, "200", true, 200],
    [{ kind: "truncate" }, "200 without body", true, undefined],
    [{ kind: "truncate", cut: "json" }, "200", true, 200],
    [{ kind: "replace-body", body: "<html>", contentType: "text/html" }, "200", true, 200],
  ])("%j gives the answer and the effect of the table", async (fault, got, acted, recorded) => {
    expect(await create(fault)).toMatchObject({ got, acted, recorded });
  });

  test.each<[Fault, got: string, acted: boolean]>([
    [{ kind: "delay", delayMs: 60_000 }, "no answer", false],
    [{ kind: "headers-then-silence" }, "200 without body", true],
    [{ kind: "silence" }, "no answer", true],
    [{ kind: "slow-body", delayMs: 60_000 }, "200 without body", true],
  ])("%j leaves the client without a whole answer", async (fault, got, acted) => {
    expect(await create(fault, true)).toMatchObject({ got, acted, recorded: undefined });
  });

  test("of a status answers an error envelope, or the given body, with the given headers", async () => {
    const fault: Fault = { kind: "status", status: 429, headers: { "retry-after": "3" } };
    lab.api.fault(fault);
    const enveloped = await lab.get("/deployments");
    expect(enveloped).toMatchObject({ status: 429, headers: { "retry-after": "3" }, body: { type: "error" } });
    lab.api.fault({ ...fault, status: 502, body: "upstream connect error" });
    expect(await lab.get("/deployments")).toMatchObject({ status: 502, text: "upstream connect error" });
  });

  test("can cut the JSON, replace the body or edit the real reply", async () => {
    const whole = JSON.stringify(lab.api.deployments.get(lab.create())).length;
    const { text } = await create({ kind: "truncate", cut: "json" });
    expect(() => JSON.parse(text)).toThrow();
    const id = lab.api.deployments.all()[0]?.id;
    const path = `/deployments/${id}`;
    lab.api.fault({ kind: "replace-body", body: "<html>", contentType: "text/html" });
    expect(await lab.get(path)).toMatchObject({ text: "<html>", headers: { "content-type": "text/html" } });
    lab.api.fault({ kind: "replace-body", body: "x".repeat(10_000_000), contentType: "application/octet-stream" });
    expect((await lab.get(path)).text).toHaveLength(10_000_000);
    lab.api.fault({ kind: "replace-body", transform: ({ name: _name, ...rest }) => rest });
    const { body } = await lab.get(path);
    expect(body).not.toHaveProperty("name");
    expect(JSON.stringify(body).length).toBe(whole - JSON.stringify({ name: "report" }).length + 1);
  });

  test("applies to the requests that match, in order, after `skip` requests and for `times` requests", async () => {
    lab.api.fault({ kind: "status", status: 500, method: "POST", path: "/a" });
    lab.api.fault({ kind: "status", status: 501, path: /^\/b/, times: 2, skip: 1 });
    lab.api.fault({ kind: "status", status: 502, path: /^\/b/ });
    const statuses = [];
    for (const path of ["/a", "/b1", "/b2", "/b3", "/b4"]) statuses.push((await lab.get(path)).status);
    statuses.push((await lab.post("/a")).status);
    expect(statuses).toEqual([404, 502, 501, 501, 404, 500]);
    lab.api.fault({ kind: "status" });
    lab.api.clearFaults();
    expect((await lab.get("/a")).status).toBe(404);
  });
});

describe("a service with wrong answers to writes", () => {
  const lab = useLab();
  const create = (name: string) => lab.post("/deployments", lab.body({ name }));
  const names = () => lab.api.deployments.all().map(({ name }) => name);

  test("answers each of two creates with the object of the other create", async () => {
    lab.api.fault({ kind: "crossed-answers", method: "POST", path: "/deployments" });
    const [one, two] = await Promise.all([create("one"), create("two")]);
    expect([one.status, two.status]).toEqual([200, 200]);
    expect([one.body.name, two.body.name]).toEqual(["two", "one"]);
    expect(names().sort()).toEqual(["one", "two"]);
    expect((await create("next")).body.name).toBe("next");
  });
});
