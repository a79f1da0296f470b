import { QoderDeployment } from "../../provider";
import type { EngineStack } from "../support/engine-stack";
import { EngineWorld } from "../support/engine-world";

const world = EngineWorld.ofTests();
let stack: EngineStack;
beforeEach(async () => {
  stack = await world.stack();
});

const count = 25;
async function fleet() {
  for (let index = 1; index <= count; index += 1) {
    new QoderDeployment(`chore-${index}`, world.args());
  }
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

test("a refresh with an expired token prints one whole error and one short line for each other resource, and keeps the state", async () => {
  await stack.up(fleet);
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
