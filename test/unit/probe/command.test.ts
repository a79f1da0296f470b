import { rows } from "../../../tools/probe/rows/table";
import type { Switches } from "../../qoder-api";
import { token, useProbeWorld } from "./probe-world";

const world = useProbeWorld();

const writes = () => world.api.requests.filter(({ method }) => method !== "GET");

test("--help names the report, the costs, the key to interrupt and the exit status, and sends no request", async () => {
  const { status, stdout } = await world.probe(["--help"]);
  expect(status).toBe(0);
  for (const text of ["qoder-probe-<date>.md", "--with-run", "costs credits", "Ctrl-C", "Exit status"]) {
    expect(stdout).toContain(text);
  }
  expect(world.api.requests).toEqual([]);
});

test.each([
  [["--with-runs"], /Unknown option '--with-runs'/],
  [["dep_1"], /Unexpected argument 'dep_1'/],
])("the error about the command line %j names the help, and no request is sent", async (args, reason) => {
  const { status, stderr } = await world.probe(args);
  expect(status).toBe(64);
  expect(stderr).toMatch(reason);
  expect(stderr).toMatch(/\. See `npm run probe -- --help`\n$/);
  expect(world.api.requests).toEqual([]);
});

test("the probe lists the objects that it will make, and sends only GET requests before the user agrees", async () => {
  let asked = "";
  const ask = async (question: string) => {
    asked = question;
    expect(writes()).toEqual([]);
    return true;
  };
  const { status, stderr } = await world.probe([], { ask });
  expect(asked).toBe("Continue?");
  expect(stderr).toMatch(/two agents, two environments, a paused deployment without a schedule, two vaults/);
  expect(stderr).toContain("No deployment runs, so the probe costs no credits.");
  expect(status).toBe(0);
  expect(writes().length).toBeGreaterThan(10);
});

test("if the user does not agree to the price of a run, the probe makes no object, and reports the answers to GET requests", async () => {
  const { status, stderr, holds, untried, report } = await world.probe(["--with-run"], { ask: async () => false });
  expect(stderr).toContain("about 1 to 3 credits a run, and the deployment gets a budget of 3 credits");
  expect(writes()).toEqual([]);
  expect({ status, holds }).toEqual({ status: 0, holds: ["models", "page-size", "next-page"] });
  expect(untried).toContain("agent-key");
  expect(report).toContain("| nobody agreed to it |");
});

test("without a terminal and without --yes the probe sends no request", async () => {
  const { status, stderr } = await world.probe([], { ask: undefined });
  const reason = "There is no terminal to ask in; add --yes to continue without a question";
  expect([status, stderr]).toEqual([64, `${reason}. See \`npm run probe -- --help\`\n`]);
  expect(world.api.requests).toEqual([]);
});

test("without --with-run the probe starts no run, and the report names --with-run", async () => {
  const { untried, report } = await world.probe();
  expect(world.api.runs.all()).toEqual([]);
  expect(untried).toEqual(expect.arrayContaining(["run-key", "run-listed", "run-touches"]));
  expect(report).toContain("| it costs credits: --with-run tries it |");
});

test("the probe pauses its deployment before it sends a schedule, and the schedule fires on 29 February only", async () => {
  await world.probe(["--yes", "--with-run"]);
  const sent = world.api.requests.filter(({ path }) => path.startsWith("/deployments"));
  const schedules = sent.flatMap(({ body }) => Object(body).schedule ?? []);
  // 29 February: the schedule fires during no probe, even if the service ignores the pause.
  expect(schedules.every(({ expression }) => / 29 (2|FEB) \*$/.test(expression))).toBe(true);
  const first = (path: RegExp) => sent.findIndex(({ method, path: at }) => method === "POST" && path.test(at));
  const firstSchedule = sent.findIndex(({ body }) => Object(body).schedule !== undefined);
  expect(first(/\/pause$/)).toBeLessThan(firstSchedule);
});

test("the names of all objects of the probe begin with qoder-probe-, and other objects stay unchanged", async () => {
  const before = JSON.stringify([world.api.agents.live(), world.api.deployments.live()]);
  await world.probe();
  const created = writes().filter(({ path }) => /^\/(agents|environments|deployments|vaults)$/.test(path));
  for (const { body } of created) {
    expect(Object(body).name ?? Object(body).display_name).toMatch(/^qoder-probe-[0-9a-f]{8}/);
  }
  expect(JSON.stringify([world.api.agents.live(), world.api.deployments.live()])).toBe(before);
});

const askAll = ["--yes", "--with-run"];

/** Matches an id of any kind, in either form. */
const anyId = /\b(agent|env|dep|drun|vault|vcred|sess|skill|file|memstore)_[0-9a-z]{8,}/;

test("the probe of the stand-in finds no difference, and an answer to every row but five", async () => {
  const { status, stderr, differs, holds, untried, report } = await world.probe(askAll);
  expect({ status, differs }).toEqual({ status: 0, differs: [] });
  expect(untried).toEqual(["run-timeout", "not-found", "open-writes", "back-ends", "cas-config-merge"]);
  expect(holds).toHaveLength(rows.length - untried.length);
  expect(report).not.toMatch(anyId);
  expect(report).not.toContain("pt-probe");
  expect(stderr).not.toContain("differs");
  expect(report).toContain(". All that the probe made is archived or deleted.\n");
  expect(world.alive).toEqual([]);
});

describe("a difference", () => {
  const turn = (switches: Partial<Switches>) => Object.assign(world.api.switches, switches);
  const differences = (report: string) =>
    [...report.matchAll(/^\| `([\w-]+)` \| [^|]* \| (costs money|makes duplicates|loses changes|harmless) \|/gm)].map(
      ([, name, harm]) => `${name} ${harm}`,
    );

  test("is listed with what it can do and what to do about it, the worst first, and the command ends with 1", async () => {
    turn({ idempotencyKeys: "ignore", networking: "omit", environmentVariables: "canonical" });
    const { status, stderr, report } = await world.probe(askAll);
    expect(differences(report)).toEqual([
      "run-key costs money",
      ...["agent", "environment", "vault", "credential", "skill", "file"].map((kind) => `${kind}-key makes duplicates`),
      "networking-shown loses changes",
      ...["deployment-key", "environment-variables"].map((name) => `${name} harmless`),
    ]);
    const remedy = "After an interrupted `up` look at the runs of the deployment";
    expect(report).toMatch(new RegExp(`^\\| \`run-key\` .* \\| ${remedy} [^|]* \\|$`, "m"));
    expect(stderr).toMatch(/^run-key differs, and that costs money: After an interrupted `up` look at the runs/m);
    expect(stderr).not.toContain("environment-variables differs");
    expect(status).toBe(1);
    expect(world.alive).toEqual([]);
    expect(report).not.toMatch(anyId);
  });

  test.each<[Partial<Switches>, number, string]>([
    [{ idempotencyKeysForRuns: "ignore" }, 1, "run-key costs money"],
    [{ idempotencyKeysElsewhere: "ignore" }, 1, "environment-key makes duplicates"],
    [{ networking: "omit" }, 1, "networking-shown loses changes"],
    [{ modelEcho: "object" }, 0, "model-shown harmless"],
  ])("of a service with %j makes the command end with %d", async (switches, status, found) => {
    turn(switches);
    const probed = await world.probe(askAll);
    expect(probed.status).toBe(status);
    expect(differences(probed.report)[0]).toBe(found);
  });

  test("that was not asked for makes the command end with 0", async () => {
    turn({ idempotencyKeysForRuns: "ignore" });
    expect(await world.probe(["--yes"])).toMatchObject({ status: 0, differs: [] });
  });
});

test("if the service refuses the token, the probe fails without a report", async () => {
  world.api.fault({ kind: "status", status: 401, times: Number.POSITIVE_INFINITY });
  const { status, stderr, report } = await world.probe();
  expect({ status, report }).toEqual({ status: 2, report: "" });
  expect(stderr).toContain("401");
  expect(stderr).not.toContain(token);
});

test("the probe prints a report that it cannot write, and ends with status 1", async () => {
  const { status, stdout, stderr } = await world.probe(["--yes"], {}, "/dev/null/no");
  expect(status).toBe(1);
  expect(stderr).toContain("/dev/null/no cannot be written: ");
  expect(stdout).toContain("# What the Qoder API answered on ");
  expect(world.alive).toEqual([]);
});
