import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { QoderApi } from "../qoder-api";
import type { JsonObject } from "../qoder-api/wire";
import { EngineWorld, repository, token } from "../support/engine-world";
import { Example } from "../support/example";

interface Row {
  readonly shows: string;
  /** Follows the README, and looks at what went over the wire. */
  readonly follow: (example: Example, api: QoderApi) => Promise<void>;
}

/** A row for each folder of `examples/`; or the test that runs it besides what else that shows. */
const rows: Readonly<Record<string, Row | string>> = {
  "daily-report": "demo.test.ts",
  "policy-pack": "policy-pack.test.ts",
  pipeline: "pipeline.test.ts",

  template: {
    shows:
      "becomes a project by `pulumi new`, from a path with a space, with a name of its own and the token of its configuration",
    async follow(example, api) {
      const clone = join(example.world.folder, "a clone");
      symlinkSync(repository, clone);
      await example.followReadme({ "path/to/clone": clone, "pt-...": newToken });
      const made = ["GET /environments", "POST /agents reporter", "POST /deployments my-reports-dev"];
      expect(example.sent()).toEqual([...made, "POST /environments cloud"].map((line) => `${line} by ${newToken}`));
      await example.run(`cd my-reports\n${previewNothing}pulumi destroy`);
      expect(example.sent().filter((line) => line.startsWith("POST"))).toHaveLength(3);
      expect(api.deployments.live()).toEqual([]);
    },
  },

  "whole-team": {
    shows: "makes the members before their lead, and a changed one moves the lead and both deployments with it",
    async follow(example, api) {
      const output = await example.followReadme({ "mcp-...": "mcp-secret1" });
      const [vault, credential] = [api.vaults.live(), api.credentials.live()].map(([one]) => one?.id ?? "");
      expect(api.credentials.auth(credential ?? "")).toMatchObject({ token: "mcp-secret1" });
      expect(output + example.state()).not.toContain("mcp-secret1");
      const [digest, notes] = ["digest", "release-notes"].map((name) => deployment(api, name));
      for (const shared of [digest, notes]) {
        expect(shared).toMatchObject({ vault_ids: [vault], budget: { max_credit_cost: "20" }, agent: { version: 1 } });
      }
      expect(notes?.schedule?.expression).not.toBe(digest?.schedule?.expression);
      const [researcher, writer, lead] = ["researcher", "writer", "lead"].map((name) => agent(api, name)?.id);
      const members = (version: number) => [
        { type: "agent", id: researcher, version },
        { type: "agent", id: writer, version: 1 },
      ];
      expect(agent(api, "lead")?.multiagent).toEqual({ type: "coordinator", agents: members(1) });
      api.clearRequests();

      example.edit("index.ts", "name your sources", "name all your sources");
      await example.run("pulumi up");
      expect(api.requests.map(({ path, body }) => [path, body])).toEqual([
        [`/agents/${researcher}`, { system: "You find out what happened, and name all your sources.", version: 1 }],
        [`/agents/${lead}`, { multiagent: { type: "coordinator", agents: members(2) }, version: 1 }],
        [expect.stringMatching("/deployments/dep_"), { agent: { type: "agent", id: lead, version: 2 } }],
        [expect.stringMatching("/deployments/dep_"), { agent: { type: "agent", id: lead, version: 2 } }],
      ]);
      api.clearRequests();
      await example.run(previewNothing);
      expect(api.requests).toEqual([]);
    },
  },

  fleet: {
    shows: "makes a deployment for each row, and a row that goes or comes moves no other one",
    async follow(example, api) {
      await example.followReadme();
      expect(
        api.deployments
          .live()
          .map(({ name, status }) => `${name} ${status}`)
          .sort(),
      ).toEqual(["clean-branches paused", "report-costs active", "review-dependencies active", "triage-issues active"]);
      example.sent();
      example.edit("index.ts", '"report-costs"', '"report-times"');
      await example.run("pulumi up");
      expect(example.sent()).toEqual(["POST /deployments report-times", "POST /deployments/ID/archive"]);
    },
  },

  "per-stack": {
    shows: "has names of its own in each stack, and rests in dev",
    async follow(example, api) {
      await example.followReadme();
      const looks = ["GET /environments", "GET /environments"];
      expect(example.sent()).toEqual([
        ...looks,
        "POST /agents reporter",
        "POST /agents reporter-dev",
        "POST /deployments daily-report",
        "POST /deployments daily-report-dev",
        "POST /deployments/ID/pause",
        "POST /environments cloud",
        "POST /environments cloud-dev",
      ]);
      const [prod, dev] = ["daily-report", "daily-report-dev"].map((name) => deployment(api, name));
      expect(prod).toMatchObject({ status: "active", schedule: { expression: "0 9 * * 1-5" } });
      expect(dev).toMatchObject({ status: "paused", schedule: { expression: "0 12 * * 1" } });
    },
  },

  "two-accounts": {
    shows: "makes and archives in each account with the token of that account",
    async follow(example) {
      const tokens = ["pt-staging-1", "pt-production-1"];
      await example.followReadme({ "pt-staging-...": "pt-staging-1", "pt-production-...": "pt-production-1" });
      await example.run("pulumi destroy");
      const made = ["POST /agents reporter", "POST /deployments daily-report", "POST /environments cloud"];
      const ended = ["agents", "deployments", "environments"].map((kind) => `POST /${kind}/ID/archive`);
      const looks = ["GET /environments", "GET /deployments", "GET /deployments"];
      const lines = [...looks, ...made, ...ended].flatMap((line) => tokens.map((account) => `${line} by ${account}`));
      expect(example.sent()).toEqual(lines.sort());
    },
  },

  "look-ups": {
    shows: "finds the agent and the environment of others, and leaves them alone",
    async follow(example, api) {
      const { id: reporter } = api.agents.create({ name: "reporter" });
      const { id: environment_id } = api.environments.create({ name: "cloud" });
      await example.followReadme();
      expect(example.sent().filter((line) => !line.startsWith("GET"))).toEqual(["POST /deployments weekly-report"]);
      expect(deployment(api, "weekly-report")).toMatchObject({ agent: { id: reporter, version: 1 }, environment_id });
    },
  },

  "nightly-reviews": {
    shows: "tells the next runs in its preview, and asks nobody",
    async follow(example) {
      const output = await example.followReadme();
      const told = [...output.matchAll(/^ *(\w+): \d{4}-\d\d-\d\dT\S+Z$/gm)].map(([, team]) => team);
      expect(new Set(told)).toEqual(new Set(["billing", "search", "shop"]));
      expect(output).toMatch(/QoderDeployment "\w+-review": runs next at .* \(Europe\/Berlin\)/);
      expect(example.sent()).toEqual([]);
    },
  },

  "take-over": {
    shows: "takes over an agent and its deployments without one write, and adopts an environment",
    async follow(example, api) {
      const { id: agent } = api.agents.create({ name: "reporter" });
      const config = { type: "cloud", networking: { type: "unrestricted" } };
      const { id: sandbox } = api.environments.create({ name: "open", config });
      const initial_events = [{ type: "user.message", content: "hello" }];
      const { id } = api.deployments.create({ name: "daily", agent, environment_id: sandbox, initial_events });
      await example.followReadme({ "agent_...": agent, "env_...": sandbox });
      const writes = api.requests.filter(({ method }) => method !== "GET");
      expect(writes.map(({ path, body }) => [path, body])).toEqual([
        [
          `/environments/${sandbox}`,
          {
            name: "sandbox",
            description: "Where the agents of the team run",
            config: { type: "cloud", networking: { type: "limited", allowed_hosts: ["api.github.com"] } },
          },
        ],
      ]);
      for (const held of [agent, id, sandbox]) {
        expect(example.state()).toContain(`"id":"${held}"`);
      }
      example.sent();
      await example.run(previewNothing);
      expect(example.sent()).toEqual([]);
    },
  },

  skills: {
    shows: "moves two agents and their deployments to a changed skill, with five requests, and names the file",
    async follow(example, api) {
      const output = await example.followReadme({});
      expect(output).toMatch(/~ SKILL\.md: "sha256:/);
      const writes = example.sent().filter((line) => !line.startsWith("GET"));
      expect(writes).toHaveLength(7 + 5);
      const [skill] = api.skills.all();
      expect(String(api.skills.files(skill?.id ?? "")["SKILL.md"])).toContain("4. Praise what is good.");
      const pinned = api.agents.all().flatMap(({ skills }) => skills);
      expect(pinned).toEqual(pinned.map(() => expect.objectContaining({ version: skill?.latest_version })));
    },
  },

  rotation: {
    shows: "sends each new token alone, that of the repository with the new access token, and shows and stores none",
    async follow(example, api) {
      const repositoryTokens = { "ghp_old...": "ghp_old1", "ghp_new...": "ghp_new2" };
      const serverTokens = { "mcp-old...": "mcp-old3", "mcp-new...": "mcp-new4" };
      const values = { "pt-old-...": token, "pt-new-...": newToken, ...repositoryTokens, ...serverTokens };
      const output = await example.followReadme(values);
      const repository = { type: "github_repository", url: "https://github.com/acme/shop" };
      const sent = { token: newToken, body: { resources: [{ ...repository, authorization_token: "ghp_new2" }] } };
      expect(api.requests.at(-1)).toMatchObject(sent);
      const posts = api.requests.filter(({ method }) => method === "POST");
      expect(posts).toHaveLength(7);
      expect(posts.at(-2)?.body).toEqual({ auth: { type: "static_bearer", token: "mcp-new4" } });
      expect(output + example.state()).not.toMatch(new RegExp(Object.values(values).join("|")));
    },
  },

  "run-on-deploy": {
    shows: "runs the deployment once for each commit",
    async follow(example, api) {
      await example.followReadme({ "env_...": api.environments.create().id });
      expect(api.runs.all()).toHaveLength(2);
      expect(example.sent().filter((line) => !line.startsWith("GET"))).toEqual([
        "POST /agents reviewer",
        "POST /deployments review",
        "POST /deployments/ID/run",
        "POST /deployments/ID/run",
      ]);
    },
  },

  "gated-rollout": {
    shows: "runs a new prompt in the canary, and one that does not satisfy leaves the five others at their version",
    async follow(example, api) {
      judgeByPrompt(api, "all is well");
      const output = await example.followReadme();
      const writes = api.requests.filter(({ method }) => method !== "GET").map(({ path }) => path);
      const reviewer = `/agents/${agent(api, "reviewer")?.id}`;
      const canary = `/deployments/${deployment(api, "review-canary")?.id}`;
      const gated = [reviewer, canary, `${canary}/run`];
      const fiveOthers = new Array(5).fill(expect.stringMatching(/^\/deployments\/dep_\w+$/));
      expect(writes.slice(0, 2).sort()).toEqual(["/agents", "/environments"]);
      expect(writes.slice(2)).toEqual([
        ...["/deployments", `${canary}/run`, ...new Array(5).fill("/deployments")],
        ...gated,
        ...gated,
        ...fiveOthers,
      ]);
      expect(output).toMatch(
        /create failed for good: .*max_iterations_reached[\s\S]*The gate is shut[\s\S]*update failed for good: .*max_iterations_reached[\s\S]*It stays shut/,
      );
      expect(api.deployments.live().map((one) => one.agent.version)).toEqual(new Array(6).fill(3));
    },
  },

  "unit-tested": {
    shows: "passes its own test, without an engine and a network",
    async follow(example) {
      expect(await example.followReadme()).toMatch(/^\S pass 3\n\S fail 0$/m);
      expect(example.sent()).toEqual([]);
    },
  },

  "automation-api": {
    shows: "makes a stack for each team, and tells what changed",
    async follow(example, api) {
      const output = await example.followReadme();
      expect(output.match(/^(billing|search): .*$/gm)).toEqual([
        "billing: 4 to create, 0 the same",
        "search: 4 to create, 0 the same",
        "search: 4 to delete, 0 the same",
      ]);
      expect(api.deployments.live().map(({ name }) => name)).toEqual(["billing-report"]);
    },
  },
};

const newToken = "pt-new-9c31";
const previewNothing = "pulumi preview --expect-no-changes\n";

const deployment = (api: QoderApi, called: string) => api.deployments.live().find(({ name }) => name === called);
const agent = (api: QoderApi, called: string) => api.agents.live().find(({ name }) => name === called);

/** The session of each run ends at once; the grader is satisfied unless the prompt of the agent holds this. */
function judgeByPrompt(api: QoderApi, bad: string): void {
  const transform = (run: JsonObject) => {
    const isBad = api.agents.live().some(({ system }) => system?.includes(bad));
    api.sessions.end(String(run["session_id"]), {
      outcomes: [{ result: isBad ? "max_iterations_reached" : "satisfied" }],
    });
    return run;
  };
  api.fault({ kind: "replace-body", method: "POST", path: /\/run$/, times: Number.POSITIVE_INFINITY, transform });
}

let world: EngineWorld;
beforeEach(async () => {
  const others = { "pt-staging-1": "staging", "pt-production-1": "production" };
  world = await EngineWorld.start({ tokens: { [token]: "default", [newToken]: "default", ...others } });
});
afterEach(() => world.stop());

const own = Object.entries(rows).flatMap(([name, row]) => (typeof row === "string" ? [] : [{ name, ...row }]));
test.each(own)("the example $name $shows", ({ name, follow }) => follow(new Example(world, name), world.api));

test("each folder of examples/ has its row", () => {
  const folders = readdirSync(join(repository, "examples"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(Object.keys(rows).sort()).toEqual(folders.map(({ name }) => name).sort());
  const elsewhere = Object.values(rows).filter((row) => typeof row === "string");
  expect(elsewhere.filter((file) => !existsSync(join(__dirname, file)))).toEqual([]);
});
