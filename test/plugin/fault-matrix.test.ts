import { CellWorld, type Observed } from "../support/fault-cells";
import { type Column, columns, type Row } from "../support/fault-columns";
import { connectionRows } from "../support/fault-connections";
import { Places } from "../support/fault-places";
import { statusRows } from "../support/fault-statuses";

const workers = 6;
const rows = [...connectionRows, ...statusRows];
const cells = rows.flatMap((row) => columns.map((column): [Row, Column] => [row, column]));
const observed = new Map<string, Observed>();
let places: Places;

// Silent services cost real time, so all cells run side by side here; the tests below compare what was observed.
beforeAll(async () => {
  // Without jitter the number of tries within a time is fixed.
  jest.spyOn(Math, "random").mockReturnValue(0);
  places = await Places.open();
  const waiting = [...cells];
  await Promise.all(Array.from({ length: workers }, () => work(waiting)));
});
afterAll(() => places.close());

async function work(waiting: [Row, Column][]): Promise<void> {
  const world = await CellWorld.start(places);
  try {
    for (let cell = waiting.shift(); cell !== undefined; cell = waiting.shift()) {
      observed.set(nameOf(...cell), await world.observe(...cell));
    }
  } finally {
    await world.stop();
  }
}

function nameOf(row: Row, column: Column): string {
  return `${row.name}: ${column.name}`;
}

function ofTheResource({ source }: RegExp): RegExp {
  return new RegExp(`^QoderDeployment "daily".*(?:${source})`, "s");
}

describe.each(rows)("$name", (row) => {
  test.each(columns)("$name", (column) => {
    const { sent, fails, state } = (row.cells[column.name] ?? row.cells.all)(column);
    const { error, ...seen } = observed.get(nameOf(row, column)) ?? { error: "not observed" };
    expect({ ...seen, error }).toEqual({
      sent,
      state,
      afterwards: [],
      error: fails === undefined ? undefined : expect.stringMatching(ofTheResource(fails)),
    });
  });
});

test("no request reaches a host that must not get the token", () => {
  expect(places.received).toEqual([]);
});
