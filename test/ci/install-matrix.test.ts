import { quickCells } from "../../tools/matrix/cells";
import { runCell, Workshop } from "../../tools/matrix/run-cell";

// With the Node.js of this process; `npm run matrix` runs every row, and docs/reference/installs.md has the results.
const [node = ""] = process.versions.node.split(".");

let workshop: Workshop;
beforeAll(async () => {
  workshop = await Workshop.open();
});
afterAll(() => workshop.close());

test.each(quickCells)(
  "the packed package, installed by $manager, runs in a program of $program with @pulumi/pulumi $sdk, and a transform leaves no secret in plain text in the state",
  async (cell) => {
    const { printed, writes, isTransformed, withSecret } = await runCell({ ...cell, node }, workshop);
    expect(printed).toContain("the next run: ");
    expect([isTransformed, withSecret]).toEqual([true, []]);
    expect(writes).toEqual([
      "POST /environments",
      "POST /deployments",
      "POST /deployments/:id/archive",
      "POST /environments/:id/archive",
    ]);
  },
);
