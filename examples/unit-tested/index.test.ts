import assert from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { nextRuns } from "pulumi-qoder";

let program: typeof import("./index.js");
before(async () => {
  pulumi.runtime.setMocks(
    {
      // What the service would compute: a deployment names the version of its agent.
      newResource: ({ name, inputs }) => ({ id: `id-of-${name}`, state: { ...inputs, version: 1 } }),
      call: ({ inputs }) => inputs,
    },
    "reports",
    "prod",
  );
  // Only now, as the program declares its resources while it is loaded.
  program = await import("./index.js");
});

const resolved = <Value>(output: pulumi.Output<Value>) =>
  new Promise<Value>((resolve) => output.apply((value) => resolve(value)));

test("the report of the stack prod runs, under a name of its own", async () => {
  assert.equal(await resolved(program.report.name), "daily-report-prod");
  assert.equal(await resolved(program.report.paused), false);
});

test("it follows the versions of its agent", async () => {
  assert.deepEqual(await resolved(program.report.agent), { id: "id-of-reporter", version: 1 });
});

test("it runs at nine in Berlin, in summer too", async () => {
  const schedule = await resolved(program.report.schedule);
  assert.ok(schedule);
  const [first] = nextRuns(schedule, { count: 1, from: new Date("2026-07-01T00:00:00Z") });
  assert.equal(first?.toISOString(), "2026-07-01T07:00:00.000Z");
});
