import { AskingPreview, tokenProbe } from "../../support/asking-preview";
import { World } from "../../support/world";

const world = World.ofTests();
let id: string;
beforeEach(() => {
  const { agents } = world.api;
  const skills = [
    { type: "custom", skill_id: "skill_1" },
    { type: "custom", skill_id: "skill_2", version: "3" },
  ];
  ({ id } = agents.create({ name: "reporter", system: "You report.\nBe brief.\nAsk nobody.", description: "Reports" }));
  agents.edit(id, { system: "You report.\nBe polite.\nAsk nobody." });
  agents.edit(id, { description: "Reports daily", tools: [{ type: "agent_toolset_20260401" }], skills });
});

const at = (version: number) => world.args({ agent: { id, version } });
const names = Array.from({ length: 50 }, (_, index) => `report-${String(index).padStart(2, "0")}`);

async function moved(from: number, to: number, command: object = {}, secrets: readonly string[] = []) {
  const preview = new AskingPreview(world, { command: { isPreview: true, verify: true, ...command } });
  if (secrets.length > 0) {
    const declared = {
      model: "ultimate",
      system: "s",
      __command: { isPreview: true, verify: true, secretPlaces: secrets.map((one) => [one]) },
    };
    await preview.check(declared, { kind: "agent", name: "reporter" });
  }
  for (const name of names) {
    const olds = { ...at(from), name };
    expect(await preview.check({ ...at(to), name }, { name, olds })).toEqual([]);
    await preview.diff({ ...at(to), name }, { name, olds });
  }
  const infos = (await preview.infos()).filter((text) => text.includes("[version]"));
  return { infos, asked: preview.asked().filter((line) => line !== tokenProbe && line.includes("/agents/")) };
}

test("a preview that asks says once for 50 deployments from which version to which they move, and what differs", async () => {
  const { infos, asked } = await moved(3, 1);
  expect(infos).toHaveLength(1);
  expect(infos[0]).toContain('QoderDeployment "report-00", "report-01"');
  expect(infos[0]).toContain(`: moves from version 3 to 1 of agent ${id}; the difference follows [version]
  description
    - Reports daily
    + Reports
  skills
    - skill_1 newest
    - skill_2 3
  system
    - Be polite.
    + Be brief.
  tools
    - {"type":"agent_toolset_20260401"}`);
  expect(asked.filter((line) => line.includes("version="))).toEqual([
    `GET /agents/${id}?version=1`,
    `GET /agents/${id}?version=3`,
  ]);
});

test("it says nothing without a move, and nothing if the preview does not ask", async () => {
  expect(await moved(2, 2)).toMatchObject({ infos: [] });
  expect(await moved(3, 1, { verify: false })).toEqual({ infos: [], asked: [] });
});

test("it shows no value of an argument that the program keeps secret", async () => {
  const { infos } = await moved(3, 1, {}, ["system"]);
  expect(infos[0]).toContain("\n  system\n    [secret]\n");
  expect(infos.join()).not.toMatch(/brief|polite/);
});

test("it shortens a long difference, and names the command that shows all of it", async () => {
  world.api.agents.edit(id, { system: Array.from({ length: 100 }, (_, line) => `line ${line}`).join("\n") });
  const { infos } = await moved(3, 4);
  expect(infos[0]).toMatch(/\n {2}\.\.\. \d+ more lines: `npx pulumi-qoder versions`$/);
});
