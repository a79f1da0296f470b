import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { accountOf, CommandClient } from "../../../command/client";
import { Lab } from "../../../tools/probe/lab";
import type { Given, Row } from "../../../tools/probe/row";
import { rows } from "../../../tools/probe/rows/table";
import { defaultSwitches, type Switches } from "../../qoder-api/switches";
import { CommandWorld, ofTests } from "../command-world";
import { switchesWithoutRow } from "./switches-without-row";

const page = readFileSync(resolve(__dirname, "../../../docs/assumptions.md"), "utf8");

/** The rows of the page: the question, what the package does, and the names of the rows of the contract. */
const [, ...questions] = [...page.matchAll(/^\| (.+) \| (.+) \| (.*) \|$/gm)].map(([, , , asked = ""]) =>
  [...asked.matchAll(/`([\w-]+)`/g)].map(([, name]) => name),
);

test("each question of docs/assumptions.md names rows of the contract, and no row twice; the report of the probe has all", () => {
  expect(questions.length).toBeGreaterThan(5);
  expect(questions.filter((names) => names.length === 0)).toEqual([]);
  const named = questions.flat();
  expect(named.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  expect(new Set(named).size).toBe(named.length);
});

test.each(rows.filter(({ ask }) => ask === undefined))(
  "the row $name, about which nobody can ask, gives a reason",
  ({ untried }) => {
    expect(untried).toMatch(/^(it|the) /);
  },
);

test("no two rows of the contract share a name or a question", () => {
  for (const member of ["name", "question"] as const) {
    expect(new Set(rows.map((row) => row[member])).size).toBe(rows.length);
  }
});

const turns = rows.flatMap((row) =>
  Object.entries(row.answers).flatMap(([name, { turn }]) => (turn === undefined ? [] : [{ row, name, turn }])),
);

test("each switch of the stand-in turns the answer of a row, or has a reason for which no row asks", () => {
  const turned = new Set(turns.flatMap(({ turn }) => Object.keys(turn)));
  const reasons = Object.keys(switchesWithoutRow);
  expect(reasons.filter((name) => turned.has(name))).toEqual([]);
  expect([...turned, ...reasons].sort()).toEqual(Object.keys(defaultSwitches()).sort());
});

test("the stand-in can answer each row otherwise, but for the rows that the pages of the API answer", () => {
  const turned = new Set(turns.map(({ row }) => row));
  const fixed = rows.filter((row) => row.ask !== undefined && !turned.has(row)).map(({ name }) => name);
  expect(fixed).toEqual([
    ...["page-size", "create-answer", "stale-version", "update-shown", "missing-agent", "listed-at-once"],
    ...["cron-names", "archive-in-use", "archive-deployment-twice", "archived-write", "archived-read"],
  ]);
});

const token = "pt-contract-7d1f";

class ContractWorld extends CommandWorld {
  override async start(): Promise<void> {
    await this.startApi({
      tokens: { [token]: "mine" },
      clock: () => this.clock.date(),
      after: (milliseconds, action) => this.clock.after(milliseconds, action),
      seed: 3,
      switches: { duplicateNames: "conflict" },
    });
  }

  /** The answer of the stand-in with these switches to one row, asked in an account without objects. */
  async answer({ ask }: Row, turn: Partial<Switches>): Promise<Given | undefined> {
    Object.assign(this.api.switches, turn);
    const account = accountOf(undefined, { QODER_PAT: token, QODER_BASE_URL: this.api.url });
    const client = CommandClient.connect(account, { clock: this.clock }, { secrets: new Set() });
    try {
      return await this.clock.during(async () => ask?.(new Lab(client)));
    } finally {
      await client.close();
    }
  }
}

describe("the stand-in", () => {
  const world = ofTests(new ContractWorld());

  /** The stand-in shows these settings only under a switch. */
  const older = rows.filter(({ name }) => name === "cas-config-merge");
  test.each([
    ...rows.filter((row) => row.ask !== undefined && !older.includes(row)).map((row) => ({ row, turn: {} })),
    ...older.map((row) => ({ row, turn: { casConfig: "present" } as const })),
  ])("answers $row.name as the provider assumes: $row.assumed", async ({ row, turn }) => {
    expect(await world.answer(row, turn)).toMatchObject({ name: row.assumed, holds: true });
  });

  test.each(turns)("answers $row.name with $name under the switches $turn", async ({ row, name, turn }) => {
    expect(await world.answer(row, turn)).toMatchObject({ name, holds: false, answer: row.answers[name] });
  });
});
