import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCalendar } from "../../command/calendar/main";
import { streamsOf } from "../../command/printer";
import { spread } from "../../provider/schedule/functions";
import { startQoderApi } from "../../test/qoder-api";

const token = "pt-calendar-picture";
/** The Tuesday before the clocks of Berlin skip an hour. */
const now = new Date("2027-03-23T08:12:00Z");

const nights = [
  "billing",
  "search",
  "shop",
  "mobile",
  "payments",
  "identity",
  "catalog",
  "shipping",
  "support",
  "data",
];
const mornings = ["sales", "finance", "platform", "security", "people", "legal"];

/** The fleet of an imagined company: many schedules at the same time, some spread, and some all day. */
const schedules: readonly (readonly [name: string, expression: string, timezone: string])[] = [
  ...nights.map((team) => [`${team}-review`, "0 2 * * *", "Europe/Berlin"] as const),
  ...mornings.map((team) => [`${team}-report`, "0 9 * * 1-5", "Asia/Shanghai"] as const),
  ...["docs", "web", "api", "infra"].map((name) => {
    const expression = spread(name, { every: "weekday", between: ["18:00", "22:00"] });
    return [`${name}-dependencies`, expression, "Europe/Berlin"] as const;
  }),
  ["triage-issues", "*/30 8-17 * * 1-5", "Europe/Berlin"],
  ["watch-builds", "5 * * * *", "UTC"],
  ["sum-up-week", "0 16 * * 5", "Europe/Berlin"],
  ["clean-branches", "30 2 * * 0", "Europe/Berlin"],
  ["rotate-reports", "0 6 * * 1", "UTC"],
];

/** The picture by `pulumi-qoder calendar --svg`, which is the same each time. */
export async function calendarPicture(): Promise<string> {
  const api = await startQoderApi({ tokens: { [token]: "acme" }, clock: () => now, seed: 25 });
  const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-calendar-"));
  try {
    const [agent, environment] = [api.agents.create().id, api.environments.create().id];
    for (const [index, [name, expression, timezone]] of schedules.entries()) {
      const { id } = api.deployments.create({
        name,
        agent,
        environment_id: environment,
        initial_events: [{ type: "user.message", content: "hello" }],
        schedule: { type: "cron", expression, timezone },
        budget: { type: "limit", max_credit_cost: "5.00" },
      });
      const session = api.deployments.runBySchedule(id).session_id ?? "none";
      api.sessions.end(session, { credits: { model: 0.5 + (index % 4) * 0.6, sandbox: 0.1 } });
    }
    const file = join(folder, "calendar.svg");
    const silent = { write: () => {} };
    await runCalendar(
      ["--all", "--svg", file, "--timezone", "Europe/Berlin"],
      { QODER_PAT: token, QODER_BASE_URL: api.url },
      streamsOf({ stdout: silent, stderr: silent }),
      { timeZone: "UTC", now: () => now.getTime(), input: async () => "" },
    );
    return readFileSync(file, "utf8");
  } finally {
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
