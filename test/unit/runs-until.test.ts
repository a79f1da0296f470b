import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { runsUntil } from "../../provider/deployment-run/runs";

const day = 86_400_000;
const unset = {
  trigger: undefined,
  scheduledAt: undefined,
  agentVersion: undefined,
  sessionId: undefined,
  error: undefined,
};
const runs = Array.from({ length: 250 }, (_, index): DeploymentRun => {
  const createdAt = new Date(Date.UTC(2026, 0, 1) + index * day).toISOString();
  return { id: `drun_${index}`, deploymentId: "dep_1", createdAt, ...unset };
});

async function read(list: readonly DeploymentRun[]) {
  let yielded = 0;
  async function* listed() {
    for (const run of list) {
      yielded += 1;
      yield run;
    }
  }
  const found = await runsUntil(listed());
  return { ...found, yielded };
}

test("a list that begins with the newest runs is read to the end of the page that is enough", async () => {
  const newestFirst = runs.toReversed();
  expect(await read(newestFirst)).toEqual({ runs: newestFirst.slice(0, 100), isPart: true, yielded: 100 });
});

test.each([
  ["the oldest runs first", runs],
  ["a run out of its order on the first page", [...runs.slice(248), ...runs.slice(0, 248).toReversed()]],
  [
    "the newest runs behind its first page",
    [...runs.slice(0, 240).toReversed().slice(0, 99), ...runs.slice(240), ...runs.slice(0, 141)],
  ],
])("a list with %s is read to its end", async (_, list) => {
  const found = await read(list);
  expect(found.runs[0]?.id).toBe("drun_249");
  expect([found.isPart, found.yielded]).toEqual([false, list.length]);
});
