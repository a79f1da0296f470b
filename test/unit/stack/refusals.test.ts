import { readStack } from "../../../command/stack";
import { secretsIn } from "../../../command/terminal";
import { type CommandTime, commandTime } from "../../../command/time";
import { systemClock } from "../../../provider/api/clock";
import { SkippingClock } from "../../support/skipping-clock";
import { until } from "../../support/until";
import { deployment, provider, useToldPulumi } from "./told-stack";

const told = useToldPulumi();

async function failure(
  environment: Readonly<Record<string, string>> = {},
  time: CommandTime = { clock: systemClock },
): Promise<string> {
  const secrets = new Set(secretsIn(environment));
  const failed = await readStack("dev", { ...told.pulumi.environment, ...environment }, time, { secrets }).catch(
    (error: unknown) => error,
  );
  return failed instanceof Error ? failed.message : "no error";
}

const command = "`pulumi stack export --stack=dev`";

test("the error without a Pulumi CLI says how to install the CLI, and how to select deployments without --stack", async () => {
  expect(await failure({ PATH: "/nowhere" })).toBe(
    `there is no Pulumi CLI on the PATH, and --stack needs ${command}. Install it (https://www.pulumi.com/docs/install/), or select by ids, --all or --agent`,
  );
});

const lists = "`pulumi stack ls` lists the stacks; give one with --stack NAME";
const passphrase = "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE";

test.each([
  ["", "no stack selected; please use `pulumi stack select` to choose one", lists],
  ["", "no stack named 'dev' found", lists],
  [
    "warning: A new version is there.\n",
    `passphrase must be set with ${passphrase} environment variables`,
    `Set ${passphrase}, as \`pulumi up\` of this stack needs it`,
  ],
  [
    "",
    "no Pulumi.yaml project file found (searching upwards from /srv)",
    "Run this command in the folder of the Pulumi project",
  ],
  [
    "",
    "PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
    "Log in to the back end of the stack with `pulumi login`",
  ],
  ["", "something new\nin two lines", `Run ${command} by itself to see more`],
])("after %j the error of pulumi is shown with advice: %j: %s", async (before, said, advice) => {
  told.pulumi.says("stack", { stderr: `${before}error: ${said}\n`, status: 255 });
  expect(await failure()).toBe(`${command} failed: ${said.replace("\n", " ")}. ${advice}`);
});

test("the error of pulumi is shown on one line of limited length, without secrets and control characters", async () => {
  const keys = { PULUMI_CONFIG_PASSPHRASE: "open sesame", AWS_SECRET_ACCESS_KEY: "aws/secret" };
  const secrets = { QODER_PAT: "pt-secret-51c0", ...keys };
  const said = `\u001b[31m${Object.values(secrets).join(" ")} postgres://me:pw-77@db.example/x\n${"again ".repeat(200)}`;
  told.pulumi.says("stack", { stderr: `error: ${said}`, status: 1 });
  const text = await failure(secrets);
  expect(text).not.toMatch(/pt-secret|sesame|aws\/secret|pw-77|\p{Cc}/u);
  expect(text).toContain("[secret] [secret] [secret] postgres://[secret]@db.example/x again");
  expect(text.length).toBeLessThan(700);
});

test("the error about a configuration that pulumi cannot read has advice, too", async () => {
  told.pulumi.export(provider("default"), deployment("daily", "dep_1"));
  told.pulumi.says("config", { stderr: "error: incorrect passphrase\n", status: 255 });
  expect(await failure()).toMatch(
    /^`pulumi config --json --open --stack=dev` failed: incorrect passphrase\. Set PULUMI_/,
  );
});

test.each(["", "no JSON", "[]", '{"deployment":{"resources":[{"urn":7,"pat":"pt-inside"}]}}'])(
  "output of pulumi in an unknown form is an error that does not show the output: %j",
  async (stdout) => {
    told.pulumi.says("stack", { stdout });
    expect(await failure()).toBe(
      "`pulumi stack export` prints what this version of pulumi-qoder cannot read. Select by ids, --all or --agent",
    );
  },
);

// `unit/time-limit` has the limit of --timeout.
test("without --timeout, the error about a CLI that does not end names the limit of five minutes", async () => {
  const clock = new SkippingClock();
  told.pulumi.says("stack", { hangs: "until SIGTERM" });
  const failed = failure({}, commandTime(undefined, clock));
  clock.pass(300_000);
  expect(await failed).toBe(
    `${command} did not end within 5 minutes. Run the same command again with more time (--timeout TIME, such as 10m)`,
  );
});

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch {
    return false;
  }
}

test.each(["until SIGKILL", "in a child"] as const)(
  "a CLI that hangs %s does not outlive the time limit",
  async (hangs) => {
    const clock = new SkippingClock();
    told.pulumi.says("stack", { hangs });
    const failed = failure({}, commandTime("2s", clock));
    await until(() => told.pulumi.processes.length > 0, "the start of the CLI");
    clock.pass(2_000);
    const [id = Number.NaN, ...children] = told.pulumi.processes;
    try {
      expect(await failed).toContain("did not end within the time limit of 2 s");
      await until(() => !isAlive(id) || told.pulumi.hasIgnored, "the end of the CLI");
      expect([isAlive(id), children.filter(isAlive)]).toEqual([false, children]);
    } finally {
      for (const one of [id, ...children].filter(isAlive)) {
        process.kill(one, "SIGKILL");
      }
    }
  },
);
