import { runCalendar } from "../../../provider/command/calendar/main";
import { type QoderApi, startQoderApi } from "../../qoder-api";
import { type Ended, ended } from "../ended";
import { deployment, provider, secret, useToldPulumi } from "../stack/told-stack";

const [first, second] = ["pt-calendar-77aa", "pt-calendar-2b19"] as const;
const now = new Date("2026-11-20T01:30:00Z");

let api: QoderApi;
beforeEach(async () => {
  api = await startQoderApi({ tokens: { [first]: "one", [second]: "other" }, clock: () => now, seed: 7 });
});
afterEach(() => api.close());
const told = useToldPulumi();

function create(name: string, hour: number, account: string): string {
  const agent = api.agents.create({}, account).id;
  const environment_id = api.environments.create({}, account).id;
  const initial_events = [{ type: "user.message", content: "hello" }];
  const schedule = { type: "cron", expression: `0 ${hour} * * *`, timezone: "UTC" };
  return api.deployments.create({ name, agent, environment_id, initial_events, schedule }, account).id;
}

function calendar(...args: string[]): Promise<Ended> {
  const surroundings = { timeZone: "UTC", now: () => now.getTime(), input: async () => "" };
  return ended((streams) => runCalendar(args, told.pulumi.environment, streams, surroundings));
}

function stackOfTwo() {
  const [daily, nightly] = [create("daily", 9, "one"), create("nightly", 23, "other")];
  create("of nobody", 12, "one");
  told.pulumi.config({ "qoder:pat": first, "qoder:baseUrl": api.url });
  told.pulumi.export(
    provider("default"),
    provider("other", { "qoder:account": "other", "qoder:pat": secret(second), "qoder:baseUrl": api.url }),
    deployment("daily", daily),
    deployment("nightly", nightly, "other"),
  );
  api.clearRequests();
  return { daily, nightly };
}

test("--stack shows only the deployments of the stack, and reads each in its own account by GET requests", async () => {
  const { daily, nightly } = stackOfTwo();
  const { status, stdout, stderr } = await calendar("--stack", "dev", "--days", "1", "--json");
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout).runs).toEqual([
    { id: daily, name: "daily", at: "2026-11-20T09:00:00Z" },
    { id: nightly, name: "nightly", at: "2026-11-20T23:00:00Z" },
  ]);
  const asked = api.requests.map((request) => `${request.token} ${request.method} ${request.path}`);
  expect(asked.sort()).toEqual(
    [
      `${first} GET /deployments/${daily}`,
      `${first} GET /sessions`,
      `${second} GET /deployments/${nightly}`,
      `${second} GET /sessions`,
    ].sort(),
  );
});

test("--stack names a deployment whose account has no token, and shows the others", async () => {
  const { daily } = stackOfTwo();
  told.pulumi.config({});
  const { status, stdout, stderr } = await calendar("--stack", "--days", "1", "--json");
  expect([status, JSON.parse(stdout).runs]).toEqual([1, [expect.objectContaining({ name: "nightly" })]]);
  expect(stderr).toMatch(new RegExp(`^Left out: ${daily} daily: no Qoder access token: `));
});

test("--stack fails on a stack without deployments, and the error names --preview", async () => {
  told.pulumi.export(provider("default"));
  expect(await calendar("--stack")).toEqual({
    status: 1,
    stdout: "",
    stderr:
      "pulumi-qoder calendar failed: there is nothing to show: no deployment was found. The stack manages none yet; " +
      "`pulumi preview --json | npx pulumi-qoder calendar --preview -` shows those of its program\n",
  });
});

test("--stack fails with the error of pulumi, and sends no request", async () => {
  told.pulumi.says("stack", { stderr: "error: no stack named 'prod' found\n", status: 255 });
  const { status, stdout, stderr } = await calendar("--stack", "prod");
  expect([status, stdout]).toEqual([1, ""]);
  expect(stderr).toMatch(
    /^pulumi-qoder calendar failed: `pulumi stack export --show-secrets --stack=prod` failed: no stack named 'prod' found/,
  );
  expect(api.requests).toEqual([]);
});
