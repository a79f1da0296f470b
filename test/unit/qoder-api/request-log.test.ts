import { request } from "undici";
import { logLine } from "../../qoder-api/request-log";
import { until } from "../../support/until";
import { useLab } from "./lab";

describe("the log of requests", () => {
  const lines: string[] = [];
  const lab = useLab({ onAnswered: (record, tookMs) => lines.push(logLine(record, tookMs)) });
  beforeEach(() => {
    lines.length = 0;
  });
  /** The client can see the answer before the log line is written: the line needs the finished connection. */
  const logged = async (count: number) => {
    await until(
      () => lines.length >= count,
      () => `${count} lines`,
    );
    return lines.map((line) => line.replace(/\d+ ms$/, "0 ms"));
  };

  test("has one line for each request, with size and status", async () => {
    await lab.post("/agents", { name: "é", model: "auto" });
    await lab.get("/agents?limit=1&page=x");
    await lab.get("/agents", { token: "pt-none" });
    expect(await logged(3)).toEqual([
      "2026-06-14T08:53:32.000Z POST /agents 200 28 B 0 ms",
      "2026-06-14T08:53:32.000Z GET /agents?limit=1&page=x 400 0 B 0 ms",
      "2026-06-14T08:53:32.000Z GET /agents 401 0 B 0 ms",
    ]);
  });

  test("shows no secret of a body, a query or a path", async () => {
    const vault = lab.api.vaults.create().id;
    const auth = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "s3cret/value" };
    const path = `/vaults/${vault}/credentials`;
    await lab.post(`${path}?note=s3cret%2Fvalue&api_key=other&bearer=pt-test`, { auth });
    await lab.get("/agents/pt-test");
    const { body } = await lab.get(`/files/${lab.api.files.create().id}/content`);
    await request(String(body["url"]));
    const all = (await logged(4)).join("\n");
    for (const secret of ["s3cret", "other", "pt-test", "link_"]) expect(all).not.toContain(secret);
    expect(all).toContain("credentials?note=***&api_key=***&bearer=*** 200");
    expect(all).toContain("GET /contents/*** 200");
  });
});
