import { run } from "../../command/main";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { TickingClock } from "../support/skipping-clock";
import { until } from "../support/until";
import { type Ended, ended } from "./ended";
import { createInAccount, useToldPulumi } from "./stack/told-stack";
import { skipWaits } from "./system-clock";

const token = "pt-limit-8d20";
const told = useToldPulumi();
let clock: TickingClock;
let api: QoderApi;
let deployment: string;

beforeEach(async () => {
  clock = new TickingClock();
  skipWaits(clock);
  api = await startQoderApi({ tokens: { [token]: "mine" } });
  deployment = createInAccount(api, "mine", "daily");
  const nightly = createInAccount(api, "mine", "nightly");
  const owned = (id: string, name: string) => ({ id, pat: token, name });
  told.pulumi.twoAccounts(api.url, owned(deployment, "daily"), owned(nightly, "nightly"));
});

afterEach(async () => {
  jest.restoreAllMocks();
  await api.close();
});

/** Runs the command with a limit of two seconds. */
function limited(command: string): Promise<Ended> {
  const environment = { ...told.pulumi.environment, QODER_PAT: token, QODER_BASE_URL: api.url };
  return ended((streams) => run([...command.split(" "), "--timeout", "2s"], environment, streams));
}

const reached = "the time limit of 2 s for the whole operation was reached";

/** The limits that the text names. */
const namedLimits = (text: string) => new Set(text.match(/(its share of )?the time limit of \S+ s [\w ]+/g));

const ofStack = [
  ...["status --stack", "logs daily --stack", "calendar --stack", "limits --stack", "pause --stack --dry-run"],
  ...["resume --paused-by-service --stack --dry-run", "import --stack"],
];

test.each([...ofStack, "status --all", "import --all", "versions agent_1"])(
  "on a busy machine, `%s --timeout 2s` names the limit of 2 s after a request that takes longer",
  async (command) => {
    const transform = (reply: object) => {
      clock.pass(2_000);
      return reply;
    };
    api.fault({ kind: "replace-body", path: /./, transform });
    const { status, stdout, stderr } = await limited(command);
    expect(namedLimits(`${stdout}${stderr}`)).toEqual(new Set([reached]));
    expect(status).toBeGreaterThan(0);
  },
);

describe.each([
  ["first", "stack", 1],
  ["second", "config", 2],
] as const)("if the %s call of the Pulumi CLI does not end", (_, hanging, calls) => {
  test.each(ofStack)(
    "`%s --timeout 2s` ends after both calls took 2 s together, and names that limit",
    async (command) => {
      told.pulumi.says(hanging, { hangs: "until SIGTERM" });
      const end = limited(command);
      for (let call = 1; call <= calls; call += 1) {
        await until(() => told.pulumi.asked().length >= call, `call ${call} of the Pulumi CLI`);
        clock.pass(2_000 / calls);
      }
      const { status, stderr } = await end;
      expect(stderr).toMatch(
        /`pulumi \w+ .*` did not end within the time limit of 2 s for the whole command\. Run the same/,
      );
      expect(status).toBeGreaterThan(0);
      expect(api.requests).toEqual([]);
    },
  );
});

test("a part of the command that has only a share of the time names the limit of 2 s, too", async () => {
  const transform = (reply: object) => {
    clock.pass(1_100);
    return reply;
  };
  api.fault({ kind: "replace-body", path: "/sessions", transform });
  const { stdout, stderr } = await limited(`pause ${deployment} --cancel --dry-run`);
  expect(stdout).toContain(`${deployment} "daily"`);
  expect(namedLimits(stderr)).toEqual(new Set([`its share of ${reached}`]));
});
