import { agentKind } from "../../provider/agent/kind";
import { QoderClient } from "../../provider/api/client";
import type { JsonObject } from "../../provider/api/schema";
import { Objects } from "../../provider/resource/objects";
import { changesBetween } from "../../provider/resource/write/plan";
import { sendPatch } from "../../provider/resource/write/version-conflict";
import { json, startServer } from "./local-server";

const conflict = json({ type: "error", error: { type: "conflict_error", message: "Version conflict" } }, 409);
const agent = { id: "agent_1", name: "a", model: "ultimate", system: "", tools: [], metadata: {} };

/** The error of an update, and the requests, at a service that refuses every version. */
async function refused(shown: (reads: number) => JsonObject, version?: number): Promise<[unknown, string[]]> {
  let reads = 0;
  const server = await startServer((request, response, count) => {
    if (request.method === "POST") {
      conflict(request, response, count);
      return;
    }
    reads += 1;
    json({ ...agent, ...shown(reads) })(request, response, count);
  });
  try {
    const objects = new Objects(QoderClient.connect(server.account), agentKind);
    const recorded = {
      arguments: { name: "a", model: "ultimate" },
      outputs: version === undefined ? {} : { version },
      baseline: {},
    };
    const wanted = { ...recorded.arguments, system: "b" };
    const changes = changesBetween(agentKind, recorded, wanted);
    const failed = await sendPatch(objects, { id: "agent_1", changes, applied: recorded, wanted }).catch(
      (error: unknown) => error,
    );
    const sent = server.requests.map(({ method }, index) => `${method} ${server.bodies[index] ?? ""}`.trim());
    return [failed, sent];
  } finally {
    await server.close();
  }
}

test("an update fails after two tries if the version of the agent changes again", async () => {
  const [failed, sent] = await refused((reads) => ({ version: reads + 1 }), 1);
  expect(String(failed)).toMatch(/409 conflict_error: Version conflict/);
  expect(sent).toEqual(['POST {"system":"b","version":1}', "GET", 'POST {"system":"b","version":2}']);
});

test("an update fails without a second try if the agent was archived in the meantime", async () => {
  const [failed, sent] = await refused(() => ({ version: 2, archived_at: "2026-06-14T08:53:32Z" }), 1);
  expect(String(failed)).toMatch(/409 conflict_error: Version conflict/);
  expect(sent).toHaveLength(2);
});

test("an update fails without a write if neither the state nor the service has a version", async () => {
  const [failed, sent] = await refused(() => ({}));
  expect(String(failed)).toMatch(/the state knows no version, and the service does not tell it/);
  expect(sent).toEqual(["GET"]);
});
