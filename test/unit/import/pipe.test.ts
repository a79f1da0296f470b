import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { startQoderApi } from "../../qoder-api";

const command = resolve(__dirname, "../../../dist/command/main.js");

test("a pipe that closes after the first lines of an import gets no stack trace, and the command exits with 0", async () => {
  const api = await startQoderApi({ tokens: { "pt-test": "mine" }, switches: { duplicateNames: "allow" } });
  const [agent, environment_id] = [api.agents.create().id, api.environments.create().id];
  for (let count = 0; count < 300; count += 1) {
    const initial_events = [{ type: "user.message", content: "hello" }];
    api.deployments.create({ name: `report ${count}`, agent, environment_id, initial_events });
  }
  const environment = { ...process.env, QODER_PAT: "pt-test", QODER_BASE_URL: api.url };
  const child = spawn(process.execPath, [command, "import", "--all", "--kind", "deployment"], { env: environment });
  let complaints = "";
  child.stderr.on("data", (text) => {
    complaints += text;
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const [status] = await once(child, "close");
  await api.close();
  expect(complaints).toContain("Printed 300 deployments");
  expect(complaints).not.toContain("EPIPE");
  expect(status).toBe(0);
});
