import type { ServerResponse } from "node:http";
import { QoderClient } from "../../provider/api/client";
import { deploymentKind } from "../../provider/deployment/kind";
import { verify } from "../../provider/resource/preview/verify";
import { AccountReader } from "../../provider/resource/read/account-reader";
import { Objects } from "../../provider/resource/read/objects";
import { SkippingClock } from "../support/skipping-clock";
import { startServer } from "./local-server";

const inputs = { name: "daily", agent: "agent_1", environmentId: "env_1", vaultIds: ["vault_1", "vault_2"] };
/** The look-ups of the named objects, and of the name. */
const questions = 5;

test("a preview that verifies looks up all objects that a resource names at the same time", async () => {
  const held: (() => void)[] = [];
  const answer = (response: ServerResponse, body: object) => () => response.end(JSON.stringify(body));
  const server = await startServer(({ url = "" }, response) => {
    const id = url.split("/").pop();
    if (url.endsWith("?limit=1")) {
      answer(response, { data: [], has_more: false })();
      return;
    }
    // The server answers after all requests have arrived.
    held.push(answer(response, url.includes("?") ? { data: [], has_more: false } : { id }));
    if (held.length === questions) {
      for (const one of held) {
        one();
      }
    }
  });
  const client = QoderClient.connect(server.account, new SkippingClock()).within({ milliseconds: 5_000 });
  const declared = { inputs, body: inputs, wanted: inputs, isNew: true, before: {} };
  const asked = verify(deploymentKind, declared, new Objects(client, deploymentKind), new AccountReader(undefined));
  const findings = await asked.finally(() => Promise.all([client.close(), server.close()]));
  expect(findings).toEqual({ failures: [], warnings: [] });
  expect(server.requests.map(({ method }) => method)).toEqual(Array(questions + 1).fill("GET"));
});
