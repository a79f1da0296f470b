import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import type { QoderApi } from "../qoder-api";
import { EngineWorld, repository, token } from "../support/engine-world";
import { Example } from "../support/example";

interface Row {
  readonly shows: string;
  /** Follows the README, and checks the requests. */
  readonly follow: (example: Example, api: QoderApi) => Promise<void>;
}

const newToken = "pt-new-9c31";
const previewNothing = "pulumi preview --expect-no-changes\n";

const deployment = (api: QoderApi, called: string) => api.deployments.live().find(({ name }) => name === called);
const agent = (api: QoderApi, called: string) => api.agents.live().find(({ name }) => name === called);

/** Examples in which objects, tokens or commits change, and the program stays. */
const changingRows: Readonly<Record<string, Row>> = {
  "take-over": {
    shows: "imports an agent and its deployments without a write, and adopts an environment",
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
    shows: "sends only the new tokens, uses the new access token, and neither shows nor stores a token",
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

  "unit-tested": {
    shows: "passes its own tests, with mocks and against a stand-in of its own",
    async follow(example) {
      expect(await example.followReadme()).toMatch(/^\S pass 4\n\S fail 0$/m);
      expect(example.sent()).toEqual([]);
    },
  },

  "automation-api": {
    shows: "makes a stack for each team, and prints the changes",
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

/** A row for each folder of `examples/`, or the file of the test that runs the example. */
const rows: Readonly<Record<string, Row | string>> = {
  "daily-report": "demo.test.ts",
  "policy-pack": "policy-pack.test.ts",
  pipeline: "pipeline.test.ts",
  "gated-rollout": "gated-rollout.test.ts",
  "evaluated-rollout": "evaluation.test.ts",
  python: "generated-sdks.test.ts",
  teams: "recipes.test.ts",

  template: {
    shows:
      "becomes a project by `pulumi new` from a path with a space, with a new name and the token of its configuration",
    async follow(example, api) {
      const clone = join(example.world.folder, "a clone");
      symlinkSync(repository, clone);
      await example.followReadme({ "path/to/clone": clone, "pt-...": newToken });
      const made = ["POST /agents reporter", "POST /deployments my-reports-dev"];
      expect(example.sent()).toEqual([...made, "POST /environments cloud"].map((line) => `${line} by ${newToken}`));
      const foreign = "pulumi config get qoder:pat > pat\npulumi config rm qoder:pat\npulumi preview";
      await expect(example.run(`cd my-reports\n${foreign}`)).rejects.toThrow(
        "qoder:ownToken is true, but this stack has no token of its own: QODER_PAT may belong to another account",
      );
      expect(example.sent()).toEqual([]);
      await example.run('cd my-reports\npulumi config set --secret qoder:pat "$(cat pat)"');
      await example.run(`cd my-reports\n${previewNothing}pulumi destroy`);
      expect(example.sent().filter((line) => line.startsWith("POST"))).toHaveLength(3);
      expect(api.deployments.live()).toEqual([]);
    },
  },

  "whole-team": {
    shows: "creates the members before their lead, and a changed member updates the lead and both deployments",
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
    shows:
      "creates a deployment for each row, a replaced row changes no other deployment, and one setting moves all to a version",
    async follow(example, api) {
      await example.followReadme();
      const shown = api.deployments.live().map(({ name, status }) => `${name} ${status}`);
      const active = ["report-costs active", "review-dependencies active", "triage-issues active"];
      expect(shown.sort()).toEqual(["clean-branches paused", ...active]);
      example.sent();
      example.edit("index.ts", '"report-costs"', '"report-times"');
      await example.run("pulumi up");
      expect(example.sent()).toEqual(["POST /deployments report-times", "POST /deployments/ID/archive"]);
      const versions = () => api.deployments.live().map(({ agent }) => agent.version);
      example.edit("index.ts", "of a company", "of two companies");
      await example.run("pulumi up");
      expect(versions()).toEqual([2, 2, 2, 2]);
      expect(await example.run("npx pulumi-qoder versions worker")).toMatch(
        /^Version 2, .*\n {2}system\n {4}- .* of a company\.\n {4}\+ .* of two companies\.\n( {2}runs in dep_.*\n){4}\nVersion 1, /m,
      );
      await example.run("pulumi config set workerVersion 1");
      const preview = await example.run("pulumi preview --diff");
      expect(preview.match(/~ version: 2 => 1/g)).toHaveLength(4);
      example.sent();
      await example.run("pulumi up");
      expect(versions()).toEqual([1, 1, 1, 1]);
      expect(example.sent()).toEqual(Array.from({ length: 4 }, () => "POST /deployments/ID"));
      await example.run(previewNothing);
      await example.run("pulumi config rm workerVersion\npulumi up");
      expect(versions()).toEqual([2, 2, 2, 2]);
    },
  },

  yaml: {
    shows:
      "creates everything without a programming language, and a changed skill updates the agent and five deployments",
    async follow(example, api) {
      await example.followReadme({ "mcp-...": "mcp-secret1" });
      expect(api.deployments.live().map(({ agent }) => agent.version)).toEqual([1, 1, 1, 1, 1]);
      expect(example.state()).not.toContain("mcp-secret1");
      example.sent();
      example.edit("skills/review/SKILL.md", "Read the description first", "Read the title and the description first");
      await example.run("pulumi up");
      const moved = Array.from({ length: 5 }, () => "POST /deployments/ID");
      expect(example.sent()).toEqual(["POST /agents/ID", ...moved, "POST /skills/ID/versions"]);
    },
  },

  "per-stack": {
    shows: "has other names in each stack, and its deployment in dev is paused",
    async follow(example, api) {
      await example.followReadme({ "pt-dev-...": token, "pt-prod-...": token });
      const named = ["/agents reporter", "/deployments daily-report", "/environments cloud"];
      const made = named.flatMap((line) => [`POST ${line}`, `POST ${line}-dev`]);
      expect(example.sent()).toEqual([...made, "POST /deployments/ID/pause"].sort());
      const [prod, dev] = ["daily-report", "daily-report-dev"].map((name) => deployment(api, name));
      expect(prod).toMatchObject({ status: "active", schedule: { expression: "0 9 * * 1-5" } });
      expect(dev).toMatchObject({ status: "paused", schedule: { expression: "0 12 * * 1" } });
    },
  },

  "two-accounts": {
    shows: "creates, refreshes and archives in each account with the token of that account",
    async follow(example) {
      const tokens = ["pt-staging-1", "pt-production-1"];
      await example.followReadme({ "pt-staging-...": "pt-staging-1", "pt-production-...": "pt-production-1" });
      await example.run("pulumi refresh --yes --skip-preview\npulumi destroy");
      const made = ["POST /agents reporter", "POST /deployments daily-report", "POST /environments cloud"];
      const kinds = ["agents", "deployments", "environments"];
      const ended = kinds.map((kind) => `POST /${kind}/ID/archive`);
      expect(example.state()).not.toMatch(new RegExp(tokens.join("|")));
      const looks = [...kinds.map((kind) => `GET /${kind}/ID`), "GET /deployments", "GET /agents"];
      const lines = [...looks, ...made, ...ended].flatMap((line) => tokens.map((account) => `${line} by ${account}`));
      expect(example.sent()).toEqual(lines.sort());
    },
  },

  "look-ups": {
    shows: "names an agent and an environment that are missing, finds those that exist, and does not change them",
    async follow(example, api) {
      // A program of a user has the inspector of V8 on, which the tests switch off to start faster (tools/pulumi-cli/environment.ts).
      const early = example.run("pulumi stack init early && NODE_OPTIONS= timeout 60 pulumi preview");
      await expect(early).rejects.toThrow(
        /getEnvironmentOutput\(\{ name: "cloud" \}\): none of .*getAgentOutput\(\{ name: "reporter" \}\): none of|getAgentOutput\(\{ name: "reporter" \}\): none of .*getEnvironmentOutput\(\{ name: "cloud" \}\): none of/s,
      );
      const { id: reporter } = api.agents.create({ name: "reporter" });
      const { id: environment_id } = api.environments.create({ name: "cloud" });
      await example.followReadme();
      expect(example.sent().filter((line) => !line.startsWith("GET"))).toEqual(["POST /deployments weekly-report"]);
      expect(deployment(api, "weekly-report")).toMatchObject({ agent: { id: reporter, version: 1 }, environment_id });
    },
  },

  "nightly-reviews": {
    shows: "shows the next runs in its preview without a request",
    async follow(example) {
      const output = await example.followReadme();
      const told = [...output.matchAll(/^ *(\w+): \d{4}-\d\d-\d\dT\S+Z$/gm)].map(([, team]) => team);
      expect(new Set(told)).toEqual(new Set(["billing", "search", "shop"]));
      expect(output).toMatch(/Next runs, in the time of Europe\/Berlin:\n.* {2}\w+-review\n/);
      expect(example.sent()).toEqual([]);
    },
  },

  ...changingRows,
};

const others = { "pt-staging-1": "staging", "pt-production-1": "production" };
const world = EngineWorld.ofTests({ tokens: { [token]: "default", [newToken]: "default", ...others } });

const own = Object.entries(rows).flatMap(([name, row]) => (typeof row === "string" ? [] : [{ name, ...row }]));
test.each(own)("the example $name $shows", ({ name, follow }) => follow(new Example(world, name), world.api));

test("each folder of examples/ has a row, and each named test file exists", () => {
  const folders = readdirSync(join(repository, "examples"), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(Object.keys(rows).sort()).toEqual(folders.map(({ name }) => name).sort());
  const elsewhere = Object.values(rows).filter((row) => typeof row === "string");
  expect(elsewhere.filter((file) => !existsSync(join(__dirname, file)))).toEqual([]);
});
