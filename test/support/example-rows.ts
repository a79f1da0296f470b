import type { QoderApi } from "../qoder-api";
import { token } from "./engine-world";
import type { Example } from "./example";

export interface Row {
  readonly shows: string;
  /** Follows the README, and checks the requests. */
  readonly follow: (example: Example, api: QoderApi) => Promise<void>;
}

export const newToken = "pt-new-9c31";
export const previewNothing = "pulumi preview --expect-no-changes\n";

export const deployment = (api: QoderApi, called: string) => api.deployments.live().find(({ name }) => name === called);
export const agent = (api: QoderApi, called: string) => api.agents.live().find(({ name }) => name === called);

/** Examples in which objects, tokens or commits change, and the program stays. */
export const changingRows: Readonly<Record<string, Row>> = {
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
