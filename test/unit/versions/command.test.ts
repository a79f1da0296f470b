import { run } from "../../../command/main";
import { CommandWorld, ofTests } from "../command-world";
import { ended } from "../ended";
import { skipWaits } from "../system-clock";

class VersionsWorld extends CommandWorld {
  override start(): Promise<void> {
    skipWaits(this.clock);
    return this.startApi();
  }

  deployment(name: string, agent: string, version: number): string {
    const initial_events = [{ type: "user.message", content: "go" }];
    const pinned = { type: "agent", id: agent, version };
    return this.api.deployments.create({ name, agent: pinned, environment_id: this.environmentId, initial_events }).id;
  }

  versions(...args: string[]) {
    return ended((streams) => run(["versions", ...args], this.environment, streams));
  }
}

const world = ofTests(new VersionsWorld());

/** An agent with three versions, of which two run. */
function reporter() {
  const [review, pdf] = ["review", "pdf"].map((title) => world.api.skills.create({ display_title: title }).id);
  const versionOf = (id = "") => world.api.skills.get(id)?.latest_version;
  const skillOf = (id = "") => ({ type: "custom", skill_id: id, version: versionOf(id) });
  const system = "You report.\nBe brief.\nAsk nobody.";
  const { id } = world.api.agents.create({ name: "reporter", model: "ultimate", system });
  world.api.agents.edit(id, { system: "You report.\nBe very brief.\nAsk nobody.", skills: [skillOf(review)] });
  world.api.agents.edit(id, { description: "for the team", skills: [skillOf(pdf)] });
  const [daily, nightly] = [world.deployment("daily", id, 3), world.deployment("nightly", id, 1)];
  return { id, review: `${review} ${versionOf(review)}`, pdf: `${pdf} ${versionOf(pdf)}`, daily, nightly };
}

test("versions shows what changed from version to version, and which deployments run each", async () => {
  const { id, review, pdf, daily, nightly } = reporter();
  const archived = world.deployment("old", id, 2);
  world.api.deployments.archive(archived);
  world.deployment("other", world.api.agents.create({ name: "other" }).id, 1);
  // Some services list archived deployments, too.
  world.fault("/deployments", { members: { data: world.api.deployments.all() } });
  world.api.clearRequests();
  const { status, stdout } = await world.versions("reporter");
  expect(status).toBe(0);
  expect(stdout.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "DATE")).toBe(`${id} "reporter"

Version 3, DATE
  description
    + for the team
  skills
    - ${review}
    + ${pdf}
  runs in ${daily} "daily"

Version 2, DATE
  skills
    + ${review}
  system
    - Be brief.
    + Be very brief.

Version 1, DATE
  the oldest version
  runs in ${nightly} "nightly"
`);
  expect(world.api.requests.map(({ path }) => path)).toEqual(["/agents", `/agents/${id}/versions`, "/deployments"]);
  expect(world.writes).toEqual([]);
});

test("--json has the same by the id, with the values before and after", async () => {
  const { id, daily } = reporter();
  const { stdout } = await world.versions(id, "--json");
  const { agent, versions } = JSON.parse(stdout);
  expect(agent).toEqual({ id, name: "reporter" });
  expect(versions.map((one: { version: number }) => one.version)).toEqual([3, 2, 1]);
  expect(versions[0]).toMatchObject({
    changes: [
      { argument: "description", before: null, after: "for the team", lines: ["+ for the team"] },
      { argument: "skills" },
    ],
    deployments: [{ id: daily, name: "daily" }],
  });
  expect(versions[2].changes).toBeNull();
});

test("versions reads all pages of 250 versions", async () => {
  const { id } = world.api.agents.create({ name: "reporter" });
  for (let version = 2; version <= 250; version += 1) {
    world.api.agents.edit(id, { system: `Version ${version}.` });
  }
  world.api.clearRequests();
  const { versions } = JSON.parse((await world.versions(id, "--json")).stdout);
  const numbers = versions.map((one: { version: number }) => one.version);
  expect(numbers).toEqual(Array.from({ length: 250 }, (_, index) => 250 - index));
  expect(world.api.requests.filter(({ path }) => path.endsWith("/versions"))).toHaveLength(3);
});

test.each<[title: string, agents: readonly string[], named: string, problem: RegExp]>([
  ["a name of no agent", ["other"], "reporter", /none of the agents .* sees has this name; there is "other"/],
  ["a name of two agents", ["reporter", "reporter"], "reporter", /2 agents have this name/],
  ["an id of no agent", [], "agent_01a22490413270a79ab0840ee6345d9e", /404 not_found_error/],
])("versions of %s fails and says why", async (_, agents, named, problem) => {
  for (const name of agents) {
    world.api.agents.create({ name });
  }
  const end = await world.versions(named);
  expect([end.status, end.stdout]).toEqual([1, ""]);
  expect(end.stderr).toMatch(problem);
});

test("versions takes one agent", async () => {
  expect(await world.versions("my", "reporter")).toMatchObject({ status: 64, stdout: "" });
  expect(await world.versions()).toMatchObject({ status: 64 });
});

test("versions refuses versions of another agent, and prints control characters of the service as escapes", async () => {
  const { id } = world.api.agents.create({ name: "reporter", system: "a" });
  world.api.agents.edit(id, { system: "a\u001b[31m" });
  expect((await world.versions(id)).stdout).toContain("+ a\\u001b[31m");
  const transform = (reply: object): unknown => JSON.parse(JSON.stringify(reply).replaceAll(id, "agent_other"));
  world.api.fault({ kind: "replace-body", path: `/agents/${id}/versions`, transform });
  const end = await world.versions(id);
  expect(end.status).toBe(1);
  expect(end.stderr).toContain("shows a version that is not as the API documents it");
});
