import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { rows } from "../../../provider/command/probe/table";

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
