import * as pulumi from "@pulumi/pulumi";
import { Evaluation } from "../../../provider";
import { mockEngine } from "../../support/registrations";

const args = {
  agent: "agent_a",
  environmentId: "env_a",
  cases: { typos: { input: "Review change 12", rubric: "Names the two typos" } },
};

test.each([
  [{ cases: {} }, "cases has no case"],
  [{ repeats: 0 }, "repeats must be a whole number from 1, and is 0"],
  [{ concurrent: 1.5 }, "concurrent must be a whole number from 1, and is 1.5"],
  [{ passRate: 90 }, "passRate must be from 0 to 1, and is 90"],
  ...['"0.5"', "true", '""', "[]"].map((given): [object, string] => [
    JSON.parse(`{ "passRate": ${given} }`),
    `passRate must be a number from 0 to 1, and is ${given}`,
  ]),
])("%j is an error of the program before any run: %s", (wrong, told) => {
  expect(() => new Evaluation("good", { ...args, ...wrong })).toThrow(`evaluation "good": ${told}`);
});

test("the state of an Evaluation has its rate and its credits as outputs", async () => {
  mockEngine(false, { result: "done", outcome: "satisfied", credits: 1.3 });
  const registering = jest.spyOn(Object(Evaluation.prototype), "registerOutputs");
  new Evaluation("good", { ...args, repeats: 2 });
  const outputs = await new Promise((resolve) => pulumi.output(Object(registering.mock.calls[0])[0]).apply(resolve));
  expect(outputs).toEqual({ satisfiedRate: 1, credits: 2.6 });
});

test.each([
  [undefined, {}, 1],
  ["all", {}, 1],
  ["dst", {}, 1],
  ["warnings", {}, 0],
  ["none", {}, 0],
  ["dst, evaluation", {}, 0],
  [undefined, { acknowledge: ["evaluation" as const] }, 0],
])(
  "under qoder:diagnostics %j and with %j, a preview prints the number of runs %d times",
  async (diagnostics, more, count) => {
    mockEngine(true, {}, () => "");
    pulumi.runtime.setAllConfig(diagnostics === undefined ? {} : { "qoder:diagnostics": diagnostics });
    const said = jest.spyOn(pulumi.log, "info").mockResolvedValue();
    said.mockClear();
    new Evaluation("good", { ...args, ...more });
    await pulumi.runtime.disconnect();
    await new Promise(setImmediate);
    const texts = said.mock.calls.map(([text]) => text);
    expect(texts.filter((text) => text.includes("starts 1 of 1 runs, without a budget"))).toHaveLength(count);
  },
);
