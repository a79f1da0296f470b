import { outcome } from "../../support/session-rows";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

/** Reads the text strictly by the grammar of OpenMetrics 1.0, and returns the samples by metric and deployment. */
function samplesIn(text: string): Record<string, { labels: Record<string, string>; value: number }[]> {
  const lines = text.split("\n");
  expect(lines.splice(-2)).toEqual(["# EOF", ""]);
  const families: Record<string, { labels: Record<string, string>; value: number }[]> = {};
  let family = "";
  for (const line of lines) {
    const [, type] = /^# TYPE ([a-z_:][a-z0-9_:]*) gauge$/.exec(line) ?? [];
    const sample =
      /^([a-z_:][a-z0-9_:]*)\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\} (-?\d+(?:\.\d+)?)$/.exec(line);
    if (type !== undefined) {
      // A family occurs once, with all of its samples.
      expect(families).not.toHaveProperty(type);
      family = type;
      families[family] = [];
    } else if (sample !== null) {
      const pairs = [...(sample[2] ?? "").matchAll(/([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g)];
      const labels = Object.fromEntries(pairs.map(([, name, value = ""]) => [name, value.replace(/\\(["\\])/g, "$1")]));
      expect(Object.keys(labels)).toHaveLength(pairs.length);
      expect(sample[1]).toBe(family);
      families[family]?.push({ labels, value: Number(sample[3]) });
    } else {
      expect(line).toMatch(new RegExp(`^# HELP ${family} \\S`));
    }
  }
  return families;
}

test("--format prometheus prints runs, failures, missed runs, credits and the next run by deployment and label", async () => {
  const name = 'a "report" \\ of\nlines';
  const metadata = { team: "search", "cost-centre": "7", cost_centre: "8" };
  const id = world.create(name, { metadata, initial_events: [outcome] });
  world.day(21);
  world.run(id, { outcomes: [] });
  world.api.deployments.runBySchedule(id, { type: "session_rate_limited_error", message: "Too many." });
  const { status, stdout, stderr } = await world.status("--all", "--since", "2d", "--format", "prometheus");
  expect({ status, stderr }).toEqual({ status: 1, stderr: "" });
  const families = samplesIn(stdout);
  const labels = { id, name: 'a "report" \\ of lines', label_team: "search", label_cost_centre: expect.any(String) };
  const next = Date.parse("2026-11-22T01:00:00Z") / 1_000;
  expect(families).toEqual({
    qoder_deployment_healthy: [{ labels, value: 0 }],
    qoder_deployment_runs: [{ labels, value: 2 }],
    qoder_deployment_failures: [{ labels, value: 1 }],
    qoder_deployment_missed: [{ labels, value: 0 }],
    qoder_deployment_not_graded: [{ labels, value: 1 }],
    qoder_deployment_credits: [{ labels, value: 1.3 }],
    qoder_deployment_next_run_timestamp_seconds: [{ labels, value: next }],
  });
});

test("a metric whose value is not known has no sample", async () => {
  const id = world.create("by hand", { schedule: undefined });
  const families = samplesIn((await world.status(id, "--format", "prometheus")).stdout);
  expect(families["qoder_deployment_runs"]).toEqual([]);
  expect(families["qoder_deployment_next_run_timestamp_seconds"]).toEqual([]);
  expect(families["qoder_deployment_healthy"]).toHaveLength(1);
});

test.each([
  [["--format", "xml"], '--format takes prometheus, not "xml"'],
  [
    ["--format", "prometheus", "--json"],
    "--format prints all deployments for a program; leave --json and --problems out",
  ],
])("%j is a wrong command line", async (args, reason) => {
  const { status, stderr } = await world.status("--all", ...args);
  expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining(reason) });
});
