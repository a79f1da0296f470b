import { existsSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { EngineWorld, repository, token } from "../support/engine-world";
import { Example } from "../support/example";
import { agent, changingRows, deployment, newToken, previewNothing, type Row } from "../support/example-rows";

/** A row for each folder of `examples/`, or the file of the test that runs the example. */
const rows: Readonly<Record<string, Row | string>> = {
  "daily-report": "demo.test.ts",
  "policy-pack": "policy-pack.test.ts",
  pipeline: "pipeline.test.ts",
  "gated-rollout": "../engine/gate.test.ts",
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
      expect(example.sent()).toEqual(["GET /skills/ID", "POST /agents/ID", ...moved, "POST /skills/ID/versions"]);
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
    shows: "finds an existing agent and environment, and does not change them",
    async follow(example, api) {
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
