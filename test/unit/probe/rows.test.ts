import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { rows } from "../../../provider/command/probe/table";
import { useProbeWorld } from "./probe-world";
import { switchAnswers, type Turned } from "./switch-answers";

const page = readFileSync(resolve(__dirname, "../../../docs/assumptions.md"), "utf8");

/** The rows of the page: the question, what the package does, and the names of the rows of the probe. */
const questions = [...page.matchAll(/^\| (.+) \| (.+) \| (.*) \|$/gm)]
  .map(([, question = "", , probes = ""]) => ({
    question,
    probes: [...probes.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
  }))
  .filter(({ question }) => question !== "question");

test("each question of docs/assumptions.md names rows of the probe", () => {
  expect(questions.length).toBeGreaterThan(20);
  expect(questions.filter(({ probes }) => probes.length === 0)).toEqual([]);
});

test("docs/assumptions.md names each row of the probe once, and no other row", () => {
  const named = questions.flatMap(({ probes }) => probes);
  expect([...named].sort()).toEqual(rows.map(({ name }) => name).sort());
});

test.each(rows.filter(({ ask }) => ask === undefined))(
  "the row $name, which the probe does not try, gives a reason",
  ({ untried }) => {
    expect(untried).toMatch(/^(it|the) /);
  },
);

test("no two rows of the probe share a name or a question", () => {
  for (const member of ["name", "question"] as const) {
    expect(new Set(rows.map((row) => row[member])).size).toBe(rows.length);
  }
});

const world = useProbeWorld();

const answers = Object.values(switchAnswers).flatMap((turned) => (typeof turned === "string" ? [] : turned));

/** Each probe turns up to five switches that change different rows: more switches hide each other's answers. */
const cases: Turned[] = [];
for (const { turn, differs, alone } of answers) {
  const others = cases.findIndex(
    (one) =>
      !(alone ?? one.alone) &&
      Object.keys(one.turn).length < 5 &&
      !Object.keys(turn).some((name) => name in one.turn) &&
      !differs.some((row) => one.differs.includes(row)),
  );
  const [joined] = cases.splice(others, others < 0 ? 0 : 1);
  cases.push({
    turn: { ...joined?.turn, ...turn },
    differs: [...(joined?.differs ?? []), ...differs],
    ...(alone && { alone }),
  });
}

/** Matches an id of any kind, in either form. */
const anyId = /\b(agent|env|dep|drun|vault|vcred|sess|skill|file|memstore)_[0-9a-z]{8,}/;

test("the probe of the stand-in finds no difference, and an answer to every row but five", async () => {
  const { status, differs, holds, untried, report } = await world.probe(["--yes", "--with-run"]);
  expect({ status, differs }).toEqual({ status: 0, differs: [] });
  expect(untried).toEqual(["not-found", "open-writes", "back-ends", "cas-config-merge", "cas-config-null"]);
  expect(holds).toHaveLength(rows.length - untried.length);
  expect(report).not.toMatch(anyId);
  expect(report).not.toContain("pt-probe");
  expect(world.alive).toEqual([]);
});

test.each(cases)(
  "with $turn the probe finds the differences $differs, and removes its objects",
  async ({ turn, differs }) => {
    Object.assign(world.api.switches, turn);
    const probed = await world.probe(["--yes", "--with-run"]);
    expect([...probed.differs].sort()).toEqual([...differs].sort());
    expect({ status: probed.status, alive: world.alive }).toEqual({ status: 0, alive: [] });
    expect(probed.report).not.toMatch(anyId);
    expect(world.api.deployments.live().map(({ name }) => name)).toEqual(["daily"]);
  },
);

test("a switch changes each row that the service can answer, except for nine rows", () => {
  const answered = new Set(cases.flatMap(({ differs }) => differs));
  const fixed = rows.filter(({ name, ask }) => ask !== undefined && !answered.has(name)).map(({ name }) => name);
  // The pages answer these rows, and the stand-in always answers as the pages say.
  expect(fixed).toEqual([
    ...["page-size", "create-answer", "stale-version", "update-shown", "listed-at-once", "cron-names"],
    ...["archive-in-use", "archive-deployment-twice", "archived-read"],
  ]);
});
