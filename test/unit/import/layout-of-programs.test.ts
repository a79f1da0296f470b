import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import type { Described } from "../../../command/import/import-kind";
import { programText } from "../../../command/import/texts";
import { planned } from "../../../command/import/what-to-import";
import { agent, credential, deployment, environment, memoryStore, team, text, vault } from "./objects";

const programOf = (...objects: Described[]) => programText(planned(objects).taken);

const refresh = {
  token_endpoint_auth: { type: "client_secret_basic" },
  client_id: "client",
  token_endpoint: "https://auth.example.com/token",
};

test("the program writes `type` first and secrets in their places, whatever the order in the reply", () => {
  const program = programOf(
    environment({ config: { networking: { type: "unrestricted" }, type: "cloud" } }),
    credential({
      secret_name: "TOKEN",
      type: "environment_variable",
      networking: { type: "limited", allowed_hosts: [] },
    }),
    credential({ refresh, mcp_server_url: "https://mcp.example.com", type: "mcp_oauth" }, { id: "vcred_2" }),
  );
  const members = [...program.matchAll(/(?:^ {4,}|[{,] )(\w+):/gm)].map(([, member]) => member);
  expect(members).toEqual([
    // The settings that the program requires.
    "secret",
    ...["type", "networking", "type"],
    ...["type", "secretName", "secretValue", "networking", "type", "allowedHosts"],
    ...["vaultId", "auth", "type", "mcpServerUrl", "accessToken"],
    ...["refresh", "clientId", "refreshToken", "tokenEndpoint", "tokenEndpointAuth", "type", "clientSecret"],
    "ignoreChanges",
  ]);
});

test("the formatter of this repository does not change an imported program", () => {
  const long = "a sentence that goes on and on ".repeat(6);
  const checkout = { type: "commit", sha: "0123456789abcdef0123456789abcdef01234567" };
  const lines = `${long}\n${long}\n`;
  const program = programOf(
    environment({ config: { type: "cloud", packages: { apt: ["jq", "nmap"] }, setup_script: lines } }),
    environment({ id: "env_2", config: { type: "cloud" } }),
    agent({ id: "agent_2", name: "helper", system: lines, model: { id: "ultimate", effort: "high" } }),
    team("agent_3", ["agent_2", { type: "agent", id: "agent_2", version: 3 }]),
    team("agent_4", ["agent_2", "agent_3"], {
      mcp_servers: [{ type: "url", name: "tracker", url: "https://mcp.example.com" }],
      tools: [
        { type: "agent_toolset_20260401", enabled_tools: ["Bash", "Read"], default_config: { enabled: true } },
        { type: "custom", name: "ask", description: lines, input_schema: { type: "object", properties: { a: {} } } },
        { type: "custom", name: "tell", description: "d", input_schema: { type: "object", enum: [null, lines] } },
      ],
    }),
    vault(),
    vault({ id: "vault_2", metadata: { team: "x" } }),
    memoryStore(),
    memoryStore({ id: "memstore_2", name: "more", description: long }),
    // One line of exactly 120 columns.
    memoryStore({ id: "memstore_3", name: "full", description: "x".repeat(102) }),
    credential({ type: "static_bearer", mcp_server_url: "https://mcp.example.com" }),
    credential({ type: "static_bearer", mcp_server_url: long }, { id: "vcred_2" }),
    credential(
      { type: "mcp_oauth", mcp_server_url: "https://mcp.example.com/v1", refresh: { ...refresh, scope: long } },
      { id: "vcred_3" },
    ),
    deployment(),
    deployment({
      id: "dep_2",
      name: "everything",
      description: long,
      schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" },
      initial_events: [
        text(long),
        text(lines),
        {
          type: "user.message",
          content: [
            { type: "text", text: "look" },
            { type: "document", source: { type: "url", url: `https://example.com/${"x".repeat(90)}` }, title: "t" },
          ],
        },
        { type: "user.define_outcome", description: "d", rubric: { type: "text", content: long }, max_iterations: 5 },
        { type: "system.message", content: [{ type: "text", text: "short" }] },
      ],
      resources: [
        { type: "git_repository", url: "https://example.com/a.git", checkout },
        { type: "file", file_id: "file_1", mount_path: "/data" },
        { type: "memory_store", memory_store_id: "memstore_1", access: "read_only", instructions: long },
      ],
      vault_ids: Array.from({ length: 12 }, (_, index) => `vault_0000000${index}`),
      metadata: { id: long, team: long, "a b": "c" },
      environment_variables: "LEVEL=info;GREETING=hello world",
      budget: { type: "limit", max_credit_cost: "12.50" },
      status: "paused",
      paused_reason: { type: "manual" },
    }),
    deployment({
      id: "dep_3",
      name: "one-file",
      initial_events: [text(lines)],
      resources: [{ type: "file", file_id: "file_1" }],
      vault_ids: ["vault_1"],
    }),
  );
  const repository = resolve(__dirname, "..", "..", "..");
  const biome = resolve(repository, "node_modules", "@biomejs", "biome", "bin", "biome");
  const formatted = execFileSync(process.execPath, [biome, "format", "--stdin-file-path=qoder.ts"], {
    cwd: repository,
    input: program,
    encoding: "utf8",
  });
  expect(program).toBe(formatted);
});
