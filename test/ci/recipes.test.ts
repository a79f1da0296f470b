import { readFileSync } from "node:fs";
import { join } from "node:path";
import { programsIn } from "../support/document-programs";
import { endAtStart } from "../support/ended-runs";
import { EngineWorld, repository } from "../support/engine-world";
import { Example } from "../support/example";
import { commandsOf } from "../support/readme-commands";

const page = "docs/recipes.md";
const sections = readFileSync(join(repository, page), "utf8").split(/^## /m);
/** The commands below a heading of the page. */
const recipe = (heading: string) =>
  commandsOf(sections.find((section) => section.startsWith(`${heading}\n`)) ?? `no ${heading}`);

const world = EngineWorld.ofTests();

const deployments = () => world.api.deployments.live();
/** The part of an output that one of its previews printed. */
const previews = (output: string) => output.split("Previewing update").slice(1);
const unchanged = (count: number) => expect.stringContaining(`Resources:\n    ${count} unchanged\n`);

test("the recipes change the model in waves and back, move a team into a stack of its own, and rename it with one alias", async () => {
  endAtStart(world.api);
  const example = new Example(world, "teams");
  await example.followReadme();
  const first = deployments().map(({ id, name }) => [id, name]);
  world.writes();

  const waves = await example.run(recipe("Another model in waves, and back tomorrow"));
  const moves = (team: string) => ["/agents/AGENT", `/deployments/${team}-review`, `/deployments/${team}-triage`];
  const writes = world.writes();
  expect([3, 1, 3, 6].map((count) => writes.splice(0, count).sort())).toEqual([
    moves("red"),
    ["/deployments/red-review/run"],
    moves("blue"),
    [...moves("red"), ...moves("blue")].sort(),
  ]);
  expect(writes).toEqual([]);
  for (const [index, [changed, same]] of [[3, 7] as const, [3, 7] as const, [6, 4] as const].entries()) {
    const preview = previews(waves)[index] ?? "";
    expect(preview).toContain(`Resources:\n    ~ ${changed} to update\n    ${same} unchanged\n`);
    expect(preview.match(/Agent \w+-reviewer update \[diff: ~model\]\n/g)).toHaveLength(changed / 3);
    expect(preview.match(/Deployment \S+ update \[diff: ~agent\]\n/g)).toHaveLength((changed / 3) * 2);
  }
  expect(
    world.api.agents.live().flatMap(({ name, model, version }) => (name === "red-reviewer" ? [model, version] : [])),
  ).toEqual(["performance", 3]);

  const moved = await example.run(recipe("Move a team into a stack of its own"));
  expect(previews(moved)).toEqual([unchanged(5), unchanged(6)]);
  await example.run("pulumi up --stack red\npulumi up --stack prod");

  example.edit("index.ts", "for (const team of teams) {\n  new Team(team);\n}\n", "");
  await expect(example.run("pulumi preview --stack red --expect-no-changes")).rejects.toThrow("- 4 to delete");
  const [alias = { text: "" }] = programsIn(page);

  await example.run(`cat >> index.ts <<'END'\n${alias.text}END`);
  const renamed = await example.run("pulumi preview --stack red\npulumi up --stack red");
  expect(renamed).not.toMatch(/ [+-] +(acme|pulumi-nodejs)/);
  expect(world.writes()).toEqual([]);
  expect(deployments().map(({ id, name }) => [id, name])).toEqual(first);
});

test("the recipe of the second week imports what somebody created beside the stack, and the next prompt reaches both weeks", async () => {
  const { api } = world;
  const { id: agent } = api.agents.create({ name: "reporter" });
  const { id: sandbox } = api.environments.create({ name: "open" });
  const initial_events = [{ type: "user.message", content: "hello" }];
  const first = api.deployments.create({ name: "daily", agent, environment_id: sandbox, initial_events });
  const example = new Example(world, "take-over");
  await example.followReadme({ "agent_...": agent, "env_...": sandbox });
  const vault = api.vaults.create({ display_name: "tracker" }).id;
  api.credentials.create(vault, {
    auth: { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "t" },
  });
  const second = { name: "weekly", agent, environment_id: sandbox, vault_ids: [vault], initial_events };
  api.deployments.create(second);
  api.deployments.edit(first.id, { description: "edited" });
  world.writes();
  const [before = "", after = ""] = recipe("The second week after an import").split(/(?<=--out \. .*\n)/);
  const commands = (text: string) => text.replaceAll("--stack prod", "--stack dev");
  const told = await example.run(commands(before));
  expect(told).toContain('description: "edited" => nothing');
  const settings = told.match(/pulumi config set --secret \w+/g) ?? [];
  expect(settings).toHaveLength(1);
  const output = await example.run(`${settings.map((line) => `${line} new-token\n`).join("")}${commands(after)}`);
  expect(output).toMatch(/~ auth: \{\n +\+ token: \[secret\]\n/);
  expect(output).toContain("Resources:\n    ~ 1 to update\n");
  expect(world.writes()).toEqual([expect.stringMatching(/^\/vaults\/vault_\w+\/credentials\/vcred_\w+$/)]);

  await example.run("sed -i 's/model: /system: \"Be brief.\", model: /' qoder.ts\npulumi up");
  expect(world.writes().sort()).toEqual(["/agents/AGENT", "/deployments/daily", "/deployments/weekly"]);
});
