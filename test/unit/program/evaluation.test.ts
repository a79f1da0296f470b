import { Evaluation } from "../../../provider";

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
