import { randomInt } from "node:crypto";
import { Firing, fastClock } from "./firing";
import { startQoderApi } from "./index";
import { seedGiven } from "./latitude";
import { logLine } from "./request-log";
import type { StartStandIn } from "./stand-in-types";

// The package `pulumi-qoder-stand-in` is made from this file.

/** The interval at which the stand-in starts and ends what is due. */
const TICK_MILLISECONDS = 100;

export const startStandIn: StartStandIn = async (options = {}) => {
  const { port = 0, token = "pt-demo", generation = 2, fire = false, log = () => {} } = options;
  const clock = fastClock(options.speed ?? (fire ? 60 : 1));
  const latitude = seedGiven(randomInt(2 ** 32));
  const api = await startQoderApi({
    latitude,
    ...{ port, tokens: { [token]: "demo" }, switches: { generation }, clock },
    onAnswered: (record, tookMs) => log(logLine(record, tookMs)),
  }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EADDRINUSE" ? new Error(takenPort(port)) : error;
  });
  const firing = new Firing(api, clock, { schedules: fire, happenings: options.with ?? [] });
  const timer = setInterval(() => firing.tick().forEach(log), TICK_MILLISECONDS);
  return {
    environment: {
      QODER_BASE_URL: api.url,
      QODER_PAT: token,
    },
    serviceAccount: {
      QODER_SA_KEY: api.serviceAccounts.create().key,
      QODER_OPENAPI_BASE_URL: api.exchangeHost,
    },
    latitude,
    agentId: api.agents.create({ name: "demo-agent" }).id,
    environmentId: api.environments.create({ name: "demo-environment" }).id,
    requests: () => api.requests.map(({ method, path, body, status }) => ({ method, path, body, status })),
    live: (collection) => api[collection].live().map((object) => ({ ...object })),
    run: (deploymentId) => api.deployments.run(deploymentId).id,
    close: async () => {
      clearInterval(timer);
      await api.close();
    },
  };
};

/** Two people on one machine would otherwise share a mock: both export the same address and the same token. */
function takenPort(port: number): string {
  return `port ${port} is taken, perhaps by the mock of somebody else, whose objects your programs would change. Stop it, or take a free port: --port 0, and export the printed variables`;
}
