import { runLogs } from "../../../command/logs/main";
import { deploymentKind } from "../../../provider/deployment/kind";
import { declarable } from "../../../provider/resource/compare/arguments";
import { stateOf } from "../../../provider/resource/state/state";
import { ended } from "../ended";
import { createInAccount, deployment, provider, secretValue, useToldPulumi } from "../stack/told-stack";
import { day, morning, token, useStatusWorld } from "./status-world";

const world = useStatusWorld();
const told = useToldPulumi();
const second = "pt-second-7a11";

const status = (...args: string[]) => world.statusWith(told.pulumi.environment, ...args);

function stackOfTwo(pat = second) {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly-dev")];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token, name: "daily" }, { id: two, pat, name: "nightly-dev" });
  return { one, two };
}

test("--stack reads each deployment with the token of its account, and shows a different resource name", async () => {
  const { one, two } = stackOfTwo();
  const { status: exit, stdout, stderr } = await status("--stack");
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: "" });
  expect(stdout).toMatch(/^ {3}daily {12,}Nov 21 09:00/m);
  expect(stdout).toMatch(/^ {3}nightly-dev \(nightly\) {2}by hand only/m);
  const asked = world.api.requests.map((request) => `${request.token} ${request.method} ${request.path}`);
  expect(asked).toEqual(
    expect.arrayContaining([`${token} GET /deployments/${one}`, `${second} GET /deployments/${two}`]),
  );
  expect(asked.filter((line) => line.includes(one)).every((line) => line.startsWith(token))).toBe(true);
  expect(asked.filter((line) => line.includes(two)).every((line) => line.startsWith(second))).toBe(true);
  const asJson = await status("--stack", "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject([{ id: one }, { id: two }]);
  expect([stdout, asJson.stdout].join("")).not.toMatch(/pt-/);
});

test.each([
  ["the name of the program", ["nightly"], ["nightly-dev"]],
  ["the name at Qoder", ["nightly-dev"], ["nightly-dev"]],
  ["two names", ["daily", "nightly"], ["daily", "nightly-dev"]],
  ["a label", ["--label", "team=search"], ["daily"]],
])("with --stack, %s selects deployments of the stack only", async (_, args, names) => {
  const { one } = stackOfTwo();
  world.api.deployments.overwrite(one, { metadata: { team: "search" } });
  world.create("elsewhere", { metadata: { team: "search" } });
  const { stdout, stderr } = await status("--stack", "dev", ...args, "--json");
  expect(stderr).toBe("");
  expect(JSON.parse(stdout).map(({ name }: { readonly name: string }) => name)).toEqual(names);
});

test("with --stack, a name with a typing error is answered with the nearest name at Qoder, too", async () => {
  stackOfTwo();
  const { stderr } = await status("--stack", "dev", "nightly-dve");
  expect(stderr).toContain("did you mean nightly-dev?");
});

test.each([
  [
    "nightly",
    "there is no stack nightly, but the selected stack dev has a deployment of this name",
    "`nightly --stack`",
  ],
  ["nightly-dev", "there is no stack nightly-dev, but the selected stack dev has a", "`nightly-dev --stack`"],
  ["nihgtly", "no stack named 'nihgtly' found", "`pulumi stack ls` lists the stacks"],
])("--stack %s, where no stack has the name, says so: %s", async (name, reason, advice) => {
  stackOfTwo();
  told.pulumi.says("stack", { stderr: `error: no stack named '${name}' found\n`, status: 255 }, name);
  const { status: exit, stdout, stderr } = await status("--stack", name);
  expect([exit, stdout, world.requests]).toEqual([2, "", []]);
  expect(stderr).toMatch(/^pulumi-qoder status failed: .*\n$/);
  expect(stderr).toContain(reason);
  expect(stderr).toContain(advice);
});

test("with --stack, a name that the stack does not manage is listed as not known, and no account is asked for it", async () => {
  stackOfTwo();
  const { status: exit, stdout, stderr } = await status("--stack", "dev", "nightli");
  expect({ exit, stdout, stderr }).toEqual({
    ...{ exit: 2, stdout: "" },
    stderr: "Not known: nightli\n  the stack manages no deployment of this name; did you mean nightly?\n",
  });
  expect(world.requests).toEqual([]);
});

test("with --stack, a pause that the program declares is no forgotten pause by hand", async () => {
  world.at(Date.UTC(2026, 10, 1));
  const [declared, forgotten] = [world.create("declared"), world.create("forgotten")];
  for (const id of [declared, forgotten]) {
    world.api.deployments.pause(id);
  }
  world.at(Date.UTC(2026, 10, 20));
  told.pulumi.holds(world.api.url, [
    deployment("declared", declared, "default", { inputs: { name: "declared", paused: true } }),
    deployment("forgotten", forgotten, "default", { inputs: { name: "forgotten" } }),
  ]);
  const { status: exit, stdout } = await status("--stack", "--strict");
  expect(exit).toBe(1);
  expect(stdout).toMatch(/^ {3}declared +paused by program/m);
  expect(stdout).toMatch(/^! +forgotten +paused by hand/m);
  expect(stdout).toMatch(/\nPaused: 1 by hand, oldest 19 days \(forgotten\); 1 by the program \(declared\)\.\n$/);
  const asJson = await status("--stack", "--strict", "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject([
    { id: forgotten, pausedDays: 19, healthy: false },
    { id: declared, healthy: true, problems: [] },
  ]);
});

test("with --stack, no error of a run shows a secret of the state", async () => {
  const { one } = stackOfTwo();
  world.api.deployments.runBySchedule(one, { type: "repository_error", message: `${second} is not ${token}` });
  for (const form of [[], ["--json"]]) {
    const { stdout } = await status("--stack", ...form);
    expect(stdout).toContain("[secret] is not [secret]");
    expect(stdout).not.toMatch(/pt-/);
  }
});

test("a refused account is reported, and the deployments of the other accounts are shown", async () => {
  const { two } = stackOfTwo("pt-expired-9d1c");
  const { status: exit, stdout, stderr } = await status("--stack");
  expect(exit).toBe(2);
  expect(stdout).toMatch(/ daily .*\n\n1 of 1 healthy/);
  expect(stderr).toMatch(
    new RegExp(
      `^pulumi-qoder status failed: GET /deployments/${two} was answered with 401 .* Token from the QoderProvider "other"\\. Set a valid token there, .*\nNot read after that: 1 of the deployments\n$`,
    ),
  );
  expect(stderr).not.toMatch(/pt-/);
});

test("a deployment without a token is listed as not known, and the others are shown", async () => {
  stackOfTwo();
  told.pulumi.config({});
  const { status: exit, stdout, stderr } = await status("--stack");
  expect(exit).toBe(2);
  expect(stdout).toContain("nightly-dev (nightly)");
  expect(stderr).toMatch(
    /^Not known: dep_\w+ "daily"\n {2}no Qoder access token\. Run `pulumi config set --secret qoder:pat`/,
  );
});

test("--stack exits with 2 for a stack without deployments", async () => {
  told.pulumi.export(provider("default"));
  expect(await status("--stack")).toEqual({
    status: 2,
    stdout: "",
    stderr: "There is nothing to report: the stack manages no deployment\n",
  });
});

describe.each([[[]], [["--since", "24h"]]])("with --stack %j, expectedArtifacts of the program", (args) => {
  test.each<[string, readonly string[] | undefined, Readonly<Record<string, number>>, string | undefined]>([
    ["are missing", ["report.md", "table.csv"], { "report.md": 9 }, "The last run is done, table.csv is missing"],
    ["are empty", ["report.md"], { "report.md": 0 }, "The last run is done, report.md is empty"],
    [
      "are in a folder and in another case",
      ["out/Report.md"],
      { "report.md": 9 },
      "The last run is done, out/Report.md is missing, and report.md is there",
    ],
    ["are named twice", ["a.md", "a.md"], {}, "The last run is done, a.md is missing"],
    ["are there", ["report.md"], { "report.md": 9, "errors.log": 9 }, undefined],
    ["are an empty list", [], {}, undefined],
    ["are left out", undefined, {}, undefined],
  ])("%s", async (_, expected, gives, problem) => {
    const id = world.create("daily");
    world.work(id, morning + day, { gives });
    const inputs = expected === undefined ? {} : { expectedArtifacts: expected };
    told.pulumi.holds(world.api.url, [deployment("daily", id, "default", { inputs })]);
    const { status: exit, stdout } = await status("--stack", ...args);
    expect(exit).toBe(problem === undefined ? 0 : 1);
    expect(stdout.match(/The last run is done.*/g)).toEqual(problem === undefined ? null : [problem]);
    const logs = await ended((streams) => runLogs(["daily", "--stack"], told.pulumi.environment, streams));
    expect(logs.stdout).toMatch(new RegExp(`^result {5}${problem?.replace("The last run is ", "") ?? "done"}$`, "m"));
  });
});

test.each(["honour", "ignore", "reject"] as const)(
  "a missing artifact is said of a session with more events than a page has, if the service does this with a filter of events: %s",
  async (eventTypes) => {
    world.api.switches.eventTypes = eventTypes;
    const id = world.create("daily");
    world.work(id, morning, { gives: { "report.md": 9 }, calls: Array.from({ length: 150 }, () => false) });
    const inputs = { expectedArtifacts: ["report.md"] };
    told.pulumi.holds(world.api.url, [deployment("daily", id, "default", { inputs })]);
    expect((await status("--stack")).stdout).not.toContain("missing");
    world.work(id, morning + day, { calls: Array.from({ length: 150 }, () => false) });
    const lacks = { status: 1, stdout: expect.stringContaining("The last run is done, report.md is missing") };
    expect(await status("--stack")).toMatchObject(lacks);
  },
);

test("without --since no tool call is judged, also if the service shows more events than status asks for", async () => {
  world.api.switches.eventTypes = "ignore";
  const id = world.create("daily");
  world.work(id, morning + day, { calls: [true], gives: { "report.md": 9 } });
  const inputs = { expectedArtifacts: ["report.md"] };
  told.pulumi.holds(world.api.url, [deployment("daily", id, "default", { inputs })]);
  expect((await status("--stack")).status).toBe(0);
  const judged = { status: 1, stdout: expect.stringContaining("done, but its only tool call failed") };
  expect(await status("--stack", "--since", "24h")).toMatchObject(judged);
});

const changed = "changed at Qoder since the last `up`: description";
test.each<[string, object, string | undefined]>([
  ["an argument that somebody changed", {}, changed],
  ["an argument that the state encrypts", { description: secretValue("old") }, undefined],
  ["any argument, if the state encrypts what the last write showed", { __shown: secretValue("{}") }, undefined],
  ["any argument, if the last write is unfinished", { __unfinished: "update" }, undefined],
  [
    "any argument, if the service shows an earlier time than the state",
    { updatedAt: "2099-01-01T00:00:00Z" },
    undefined,
  ],
])("with --stack, %s: %j is said as %s", async (_, more, says) => {
  const id = world.create("daily", { description: "old", environment_variables: "A=1" });
  const object = deploymentKind.reply.parse(world.api.deployments.get(id));
  const inputs = declarable(deploymentKind, object);
  const environmentVariables = secretValue({ A: "1" });
  const outputs = { ...stateOf(deploymentKind, object, inputs, {}, {}), environmentVariables, ...more };
  told.pulumi.holds(world.api.url, [deployment("daily", id, "default", { inputs, outputs })]);
  expect((await status("--stack")).stdout).not.toContain("changed at Qoder");
  world.api.deployments.edit(id, { description: "new", environment_variables: "A=2" });
  const { status: exit, stdout } = await status("--stack");
  expect([exit, /changed at Qoder.*/.exec(stdout)?.[0]]).toEqual([0, says]);
  const uncompared =
    "Not compared with the last `up`, which the state records encrypted: daily; `drift` compares them.\n";
  expect(stdout.includes(uncompared)).toBe("__shown" in more);
  const asJson = await status("--stack", "--json");
  expect(JSON.parse(asJson.stdout)).toMatchObject([
    { differences: says === undefined ? [] : [says], compared: !("__shown" in more) },
  ]);
});
