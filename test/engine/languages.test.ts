import { create } from "../support/imported-account";
import { LanguagesProject, type Resources } from "../support/languages-project";
import { holdersOf, secrets } from "../support/secret-scan";

const project = LanguagesProject.ofTests();
const { world } = project;

/** The requests with all bytes, sorted because the engine sends independent requests in any order. */
function sent(): string[] {
  const lines = world.api.requests.map(({ method, path, query, headers, size, body }) => {
    const { "idempotency-key": key, authorization } = headers;
    return `${method} ${path} ${JSON.stringify([query, authorization, key !== undefined, size, body])}`;
  });
  world.api.clearRequests();
  return lines.map(withoutIds).sort();
}

/** Replaces ids and times, which differ in each life. */
function withoutIds(line: string): string {
  return line.replaceAll(
    /[a-z]+_[0-9A-Za-z]{12,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g,
    "ID",
  );
}

const ref = (path: string) => `\${${path}}`;
const secretly = (text: string) => ({ "fn::secret": text });

const tools = [{ type: "agent_toolset_20260401", enabledTools: ["Read"] }];
const auth = { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: secretly(secrets.mcp) };

/** The resources of the program, with every kind of secret. */
function team(system = "Write short reports.", daily: object = {}): Resources {
  return {
    reporter: ["Agent", { model: "ultimate", system, tools }],
    cloud: ["Environment", { config: { type: "cloud", networking: { type: "unrestricted" } } }],
    tracker: ["Vault", {}],
    access: ["VaultCredential", { vaultId: ref("tracker.id"), auth }],
    daily: [
      "Deployment",
      {
        agent: { id: ref("reporter.id"), version: ref("reporter.version") },
        environmentId: ref("cloud.id"),
        vaultIds: [ref("tracker.id")],
        schedule: { expression: "0 9 1 * 1", timezone: "Europe/Berlin" },
        environmentVariables: { KEY: secretly(secrets.variable), LEVEL: "info" },
        resources: [{ type: "git_repository", url: "https://git.example/b", password: secretly(secrets.git) }],
        metadata: { team: "platform", label: secretly(secrets.label) },
        budget: { maxCreditCost: "20" },
        description: "for the team",
        initialEvents: "Report on yesterday",
        ...daily,
      },
    ],
  };
}
const shorter = "Write shorter reports.";
const edited = {
  metadata: { team: "data" },
  budget: { maxCreditCost: "30" },
  environmentVariables: { LEVEL: "debug" },
};
const removed = { schedule: undefined, budget: undefined, description: undefined, resources: undefined, metadata: {} };

/** The warnings, errors and next runs in the output. */
function told(output: string): string[] {
  const runs = output.match(/\w{3} \d{4}-\d\d-\d\d \d\d:\d\d \(\d\d:\d\d UTC\).*$/gm) ?? [];
  const lines = output.match(/^ +(warning|error): (?!using pulumi-language).*$/gm) ?? [];
  const typed = lines.map((line) => withoutIds(line).trim().replace("pulumi-nodejs:dynamic/qoder:", "qoder:index:"));
  return [...new Set([...typed.sort(), ...runs])];
}

type Declare = (resources: Resources) => void;

/** Updates the stack with a program in each of the languages, then refreshes it; rejects if a command sees a change or sends a write. */
async function moved(...languages: readonly Declare[]): Promise<void> {
  for (const declare of languages) {
    declare(team());
    await project.upNothing();
    expect(project.stored()).toEqual([]);
  }
  expect(sent()).toEqual([]);
  await project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
}

/**
 * Runs all commands from preview to destroy, and returns the requests and messages of each. On the way the five resources move to the
 * other language and back, and at the end the other language destroys them.
 */
async function lived(declare: Declare, other: Declare): Promise<Readonly<Record<string, readonly string[]>>> {
  const run = async (resources: Resources, command = "up") => {
    declare(resources);
    const output = await project.run(command, ...(command === "up" ? ["--yes", "--skip-preview"] : [])).catch(String);
    return [...sent(), ...told(output)];
  };
  const seen = {
    planned: await run(team(), "preview"),
    created: await run(team()),
    moved: await moved(other, declare).then(sent),
    edited: await run(team(shorter, edited)),
    refused: await run(team(shorter, { schedule: { expression: "75 9 * * *", timezone: "Mars" } }), "preview"),
  };
  const [deployment] = world.api.deployments.live();
  world.api.deployments.edit(deployment?.id ?? "", { description: "of somebody else" });
  await project.run("refresh", "--yes", "--skip-preview");
  const refreshed = sent();
  const repaired = await run(team(shorter, edited));
  const stripped = await run(team(shorter, removed));
  other(team(shorter, removed));
  await project.upNothing();
  expect([sent(), project.stored()]).toEqual([[], []]);
  await project.run("destroy", "--yes", "--skip-preview");
  return { ...seen, refreshed, repaired, stripped, destroyed: sent() };
}

// A component of a YAML program is a separate plugin: `test/ci/generated-sdks.test.ts` moves components.
test("from preview to destroy, a program in YAML and one in JavaScript send the same bytes and print the same messages, and resources of either move to the other and back without a request", async () => {
  world.api.switches.scheduleNull = "accept";
  const inYaml: Declare = (resources) => project.write("yaml", resources);
  const inJavaScript: Declare = (resources) => project.write("javascript", resources);
  const yaml = await lived(inYaml, inJavaScript);
  const javascript = await lived(inJavaScript, inYaml);
  expect(javascript).toEqual(yaml);
  const writes = Object.entries(yaml).map(([command, lines]) => {
    const count = lines.filter((line) => /^(POST|DELETE)/.test(line)).length;
    return `${command} ${count}`;
  });
  expect(writes.join(", ")).toBe(
    "planned 0, created 5, moved 0, edited 2, refused 0, refreshed 0, repaired 1, stripped 1, destroyed 5",
  );
  expect(yaml["planned"]).toContainEqual(expect.stringMatching(/^warning: .*\[either-day\]$/));
  expect(yaml["planned"]).toContainEqual(expect.stringMatching(/09:00 \(08:00 UTC\) {2}0 9 1 \* 1 {2}daily$/));
  expect(yaml["refused"]).toContainEqual(expect.stringContaining("schedule.expression: "));
});

test("`pulumi import` and the resource option import send no write, and the next preview is empty", async () => {
  const schedule = { type: "cron", expression: "0 3 * * *", timezone: "UTC" };
  const { id } = create(world, { name: "nightly", schedule, environment_variables: "REGION=eu" });
  world.sent();
  project.writeYaml("");
  const printed = await project.run("import", "qoder:index:Deployment", "nightly", id, "--yes", "--protect=false");
  const [program = ""] = /^resources:\n(?: .*\n)+/m.exec(printed) ?? [];
  // Any variable may be a password.
  expect(program).toMatch(/REGION:\n +fn::secret: eu\n/);
  project.writeYaml(program);
  await project.previewNothing();
  await project.run("state", "delete", "--yes", "urn:pulumi:dev::languages::qoder:index:Deployment::nightly");
  project.writeYaml(`${program}    options: { import: ${id} }\n`);
  await project.up();
  await project.previewNothing();
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
});

const verbose = ["--yes", "--skip-preview", "--logtostderr", "--logflow", "-v", "9", "--debug"];

/** Drops the lines in which the language host of YAML logs the values of its program (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
function withoutHostLines(log: string): string {
  return log.replaceAll(/^.* rpc\.go:\d+\] (Unm|M)arshaling property for RPC\[\].*$/gm, "");
}

test("a create that failed in part leaves no secret in the state and in the most verbose log, and the next `pulumi up` sends the rest", async () => {
  const program = `
resources:
  daily:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: [Report, { type: user.message, content: { "fn::secret": "${secrets.label}" } }]
      environmentVariables: { KEY: { "fn::secret": "${secrets.variable}" } }
      resources: [{ type: git_repository, url: "https://git.example/b", password: "${secrets.git}" }]
      metadata: { label: { "fn::secret": "${secrets.label}" } }
      paused: true
`;
  const error = { type: "invalid_request_error", message: `no pause with ${secrets.git}` };
  world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body: { type: "error", error } });
  project.writeYaml(program);
  const failed = await project.run("up", ...verbose).then(() => "no failure", String);
  const called = 'QoderDeployment "daily" \\(dep_\\w+\\): create was done in part, the next `pulumi up` does the rest';
  expect(failed).toMatch(new RegExp(`error: ${called}: POST .* no pause with \\[secret\\]`));
  expect(failed).toMatch(new RegExp(`\\* ${called}; the reason is printed above`));
  expect(project.stored()).toEqual([]);
  const refreshed = await project.run("refresh", ...verbose);
  expect(project.stored()).toEqual([]);
  world.sent();
  const finished = await project.run("up", ...verbose);
  const logs = [failed, refreshed, finished];
  expect(logs.map((log) => log.includes("Provider["))).toEqual([true, true, true]);
  expect(holdersOf(logs.map((log) => ({ name: "log", text: withoutHostLines(log) })))).toEqual([]);
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  expect(project.stored()).toEqual([]);
});

test("a preview of a YAML program prints each warning once and one table of next runs, and `up` prints only the warnings", async () => {
  const deployment = (name: string) => `
  ${name}:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: Report
      schedule: { expression: "0 9 1 * 1", timezone: UTC }
`;
  project.writeYaml(`resources:${deployment("daily")}${deployment("weekly")}`);
  // The CLI also shows the warning in its table, which this pattern does not match.
  const warned = /^ {4}warning: QoderDeployment "daily", "weekly": "0 9 1 \* 1" has days .*\[either-day\]$/gm;
  const table = /Next runs, in the time of UTC:\n *\w{3} \d{4}-\d\d-\d\d 09:00 {2}0 9 1 \* 1 {2}daily, weekly\n/g;
  const preview = await project.run("preview");
  expect([preview.match(warned), preview.match(table)].map((found) => found?.length)).toEqual([1, 1]);
  const update = await project.up();
  expect(update.match(warned)).toHaveLength(1);
  expect(update).not.toContain("Next runs");
});

test.each([
  ["yaml", "qoder:index:Vault"],
  ["javascript", "pulumi-nodejs:dynamic/qoder:Vault"],
] as const)(
  "under qoder:protect, --refresh --replace of a program in %s makes no second object; --replace alone makes one before the old one is kept",
  async (language, type) => {
    world.api.switches.idempotencyKeysElsewhere = "ignore";
    project.write(language, { tracker: ["Vault", {}] });
    await project.run("config", "set", "qoder:protect", "true");
    await project.run("up", "--yes", "--skip-preview");
    const [vault] = world.api.vaults.all();
    const replace = async (...more: readonly string[]) => {
      sent();
      const urn = `urn:pulumi:dev::languages::${type}::tracker`;
      const output = await project.run("up", "--yes", "--skip-preview", ...more, "--replace", urn).catch(String);
      expect(output).toContain(`failed: qoder:protect is true, so ${vault?.id} was not archived.`);
      return sent().filter((line) => line.startsWith("POST"));
    };
    expect(await replace("--refresh")).toEqual([]);
    expect(await replace()).toEqual([expect.stringContaining("POST /vaults ")]);
    expect(world.api.vaults.all()).toHaveLength(2);
  },
);
