import fc from "fast-check";
import type { Described } from "../../../command/import/import-kind";
import { programText } from "../../../command/import/texts";
import { planned } from "../../../command/import/what-to-import";
import { declaredBy, expandedArguments } from "./declared-by";
import { inLine } from "./in-line";
import { agent, deployment, environment, team } from "./objects";

const programOf = (...objects: Described[]) => programText(planned(objects).taken);
const lineOf = (...objects: Described[]) => inLine(programOf(...objects));

test.each<[string, unknown, unknown, string]>([
  ["the newest version of its agent", { id: "agent_1", version: 3 }, 3, "agent: reporter,"],
  [
    "an older version",
    { id: "agent_1", version: 2 },
    3,
    "// The newest version of this agent is 3; `agent: reporter` would move to it. agent: { id: reporter.id, version: 2 },",
  ],
  [
    "a version made after the agent was read",
    { id: "agent_1", version: 4 },
    3,
    "agent: { id: reporter.id, version: 4 },",
  ],
  ["an unknown version", { id: "agent_1" }, 3, "agent: reporter.id,"],
  ["an unknown version of an agent outside the program", { id: "agent_2" }, 3, 'agent: "agent_2",'],
  ["an agent outside the program", { id: "agent_2", version: 3 }, 3, 'agent: { id: "agent_2", version: 3 },'],
])("a deployment that runs %s is declared with that version", (_, runs, version, written) => {
  expect(lineOf(agent({ version }), deployment({ agent: runs }))).toContain(` ${written} `);
});

test("a text that looks like the id of an agent stays a text", () => {
  const program = lineOf(agent({ description: "agent_1" }), deployment({ metadata: { agent: "agent_1" } }));
  expect(program).toContain('description: "agent_1"');
  expect(program).toContain('metadata: { agent: "agent_1" }');
});

test("a team refers to its members, which are declared first, and follows a member at its newest version", () => {
  const program = programOf(
    team("agent_team", [
      "agent_1",
      { type: "agent", id: "agent_2", version: 3 },
      { type: "agent", id: "agent_2", version: 1 },
      { type: "agent", id: "agent_2" },
      { type: "agent", id: "agent_elsewhere", version: 1 },
      { type: "self" },
    ]),
    agent({ name: "first" }),
    agent({ id: "agent_2", name: "second" }),
  );
  expect(inLine(program)).toContain(
    inLine(`agents: [
      first.id,
      { type: "agent", id: second.id, version: second.version },
      // The newest version of this agent is 3; \`second\` would move to it.
      { type: "agent", id: second.id, version: 1 },
      { type: "agent", id: second.id },
      { type: "agent", id: "agent_elsewhere", version: 1 },
      { type: "self" },
    ]`),
  );
  expect(declaredBy(program).map(({ name }) => name)).toEqual(["first", "second", "team-team"]);
});

test("agents that name each other in a circle are declared with one id in place of a reference", () => {
  const program = lineOf(team("agent_a", ["agent_b"]), team("agent_b", ["agent_c"]), team("agent_c", ["agent_a"]));
  expect([...program.matchAll(/agents: \[([^\]]*)\]/g)].map(([, members]) => members)).toEqual([
    '"agent_a"',
    "teamC.id",
    "teamB.id",
  ]);
  expect(lineOf(team("agent_a", ["agent_a"]))).toContain('agents: ["agent_a"]');
});

test("the program names a left-out object by its id", () => {
  const strange = environment({ config: { type: "managed_elsewhere" } });
  expect(lineOf(strange, agent({ model: { id: "ultimate", effort: 7 } }), deployment())).toContain(
    ' agent: { id: "agent_1", version: 3 }, environmentId: "env_1",',
  );
});

const id = fc.integer({ min: 0, max: 7 }).map((number) => `agent_${number}`);
const version = fc.integer({ min: 1, max: 3 });
const member = fc.oneof(
  id,
  fc.record({ type: fc.constant("agent"), id, version }),
  fc.record({ type: fc.constant("agent"), id }),
);
const agents = fc.uniqueArray(fc.record({ id, version, members: fc.array(member, { minLength: 1, maxLength: 4 }) }), {
  selector: (one) => one.id,
});
const deployments = fc.array(fc.record({ agent: fc.record({ id, version }) }), { maxLength: 6 });

test("for any references, the program declares each object once and exactly, with a reference wherever possible", () => {
  fc.assert(
    fc.property(agents, deployments, (given, others) => {
      const objects = [
        environment(),
        ...given.map(({ members, ...one }) => team(one.id, members, one)),
        ...others.map((one, index) => deployment({ id: `dep_${index}`, ...one })),
      ];
      const { taken } = planned(objects);
      expect(taken.map(({ object }) => object.id).sort()).toEqual(objects.map((object) => object.id).sort());
      const outputsOf = (name: string, label: string) => {
        const found = taken.find(({ object, names }) => names.resource === name && object.kind.label === label);
        return { id: found?.object.id, version: found?.object.outputs["version"] };
      };
      const program = programText(taken);
      const texts = program.split("\nexport const ").slice(1);
      const declared = declaredBy(program, outputsOf);
      const before: string[] = [];
      for (const [index, { object, names }] of taken.entries()) {
        const args = { name: names.resource, ...expandedArguments(declared[index]?.args) };
        expect(JSON.parse(JSON.stringify(args))).toEqual(object.inputs);
        expect(before.filter((one) => texts[index]?.includes(`"${one}"`))).toEqual([]);
        before.push(object.id);
      }
    }),
  );
});
