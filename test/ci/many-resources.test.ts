import type { PulumiFn } from "@pulumi/pulumi/automation";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

const count = 25;
/** The clocks of Berlin skip this time once a year, and repeat it once a year. */
const schedule = { expression: "30 2 * * *", timezone: "Europe/Berlin" };

function fleet(more: (index: number) => Partial<QoderDeploymentArgs> = () => ({})): PulumiFn {
  return async () => {
    for (let index = 1; index <= count; index += 1) {
      new QoderDeployment(`chore-${index}`, { ...world.args(), schedule, ...more(index) });
    }
  };
}

/** The lines of a command below its table of resources. */
async function below(command: (show: (text: string) => void) => Promise<unknown>) {
  let output = "";
  const failure = await command((text) => {
    output += text;
  }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const lines = output.split("\n");
  return { failure, lines: lines.slice(lines.indexOf("Diagnostics:")), output };
}

const previewed = (program: PulumiFn) =>
  below((onOutput) => stack.automation.preview({ color: "never", onOutput, onError: onOutput, program }));

test("a preview of 25 deployments with one schedule prints each remark once, in at most 40 lines below its table", async () => {
  const { failure, lines } = await previewed(fleet());
  expect(failure).toBeUndefined();
  expect(lines[0]).toBe("Diagnostics:");
  expect(lines.length).toBeLessThanOrEqual(40);
  const text = lines.join("\n");
  for (const kind of ["dst", "same-minute"]) {
    expect(text.split(`[${kind}]`)).toHaveLength(2);
  }
  expect(text).toContain('QoderDeployment "chore-1", "chore-2", "chore-3", "chore-4", "chore-5" and 20 more: ');
  const table = lines.slice(lines.findIndex((line) => line.includes("Next runs, in the time of Europe/Berlin:")));
  expect(table[1]).toMatch(/30 2 \* \* \* {2}chore-1, chore-2, chore-3, chore-4 and 21 more$/);
  expect(Math.max(...table.slice(0, 4).map(({ length }) => length))).toBeLessThanOrEqual(100);
});

test("a refresh with an expired token prints one whole error and one short line for each other resource, and keeps the state", async () => {
  await stack.up(fleet());
  const recorded = () => stack.resources().map(({ id, outputs }) => ({ id, outputs }));
  const before = recorded();
  const message = "Token expired";
  const body = { type: "error", error: { type: "authentication_error", message } };
  world.api.fault({ kind: "status", status: 401, body, times: Number.POSITIVE_INFINITY });
  const { failure, lines, output } = await below((onOutput) =>
    stack.automation.refresh({ color: "never", onOutput, onError: onOutput }),
  );
  expect(failure).toMatch(/error/);
  expect(output).not.toContain("Resources:\n    25 unchanged");
  const errors = lines.filter((line) => line.includes("read failed"));
  expect(errors).toHaveLength(count);
  const [full, ...short] = [...errors].sort(
    (one, other) => Number(one.includes("as for")) - Number(other.includes("as for")),
  );
  expect(full).toContain(message);
  expect(lines.filter((line) => line.includes("Set a valid token"))).toHaveLength(1);
  const names = errors.map((line) => /QoderDeployment "(chore-\d+)"/.exec(line)?.[1]);
  expect(new Set(names).size).toBe(count);
  for (const line of short) {
    expect(line).toMatch(/read failed, as for "chore-\d+": 401 authentication_error$/);
  }
  // The engine gives each error a heading and an empty line.
  expect(lines.length).toBeLessThanOrEqual(3 * count + 12);
  expect(recorded()).toEqual(before);
});
