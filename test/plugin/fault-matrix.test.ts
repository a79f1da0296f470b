import { CellWorld } from "../support/fault-cells";
import { columns } from "../support/fault-columns";
import { connectionRows } from "../support/fault-connections";
import { Places } from "../support/fault-places";
import { statusRows } from "../support/fault-statuses";

let places: Places;
let world: CellWorld;
beforeAll(async () => {
  // Without jitter the number of tries within a time is fixed.
  jest.spyOn(Math, "random").mockReturnValue(0);
  places = await Places.open();
  world = await CellWorld.start(places);
});
afterAll(async () => {
  await world.stop();
  places.close();
});

function ofTheResource({ source }: RegExp): RegExp {
  return new RegExp(`^QoderDeployment "daily".*(?:${source})`, "s");
}

describe.each([...connectionRows, ...statusRows])("$name", (row) => {
  test.each(columns.filter(({ name }) => row.only?.includes(name) ?? true))("$name", async (column) => {
    const { sent, fails, state } = (row.cells[column.name] ?? row.cells.all)(column);
    expect(await world.observe(row, column)).toEqual({
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
