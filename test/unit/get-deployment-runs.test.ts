import * as pulumi from "@pulumi/pulumi";
import { getDeploymentRuns, getDeploymentRunsOutput, QoderDeployment } from "../../provider";

// Only a request to the API needs these packages: a look-up must not load them in the program.
jest.mock("undici", () => {
  throw new Error("undici is loaded");
});
jest.mock("zod", () => {
  throw new Error("zod is loaded");
});
jest.mock("croner", () => {
  throw new Error("croner is loaded");
});

const calls: pulumi.runtime.MockCallArgs[] = [];
let answer: Record<string, unknown>;

function underMocks(isPreview = false): void {
  calls.length = 0;
  answer = { runs: [{ id: "drun_1" }] };
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, inputs }) => ({ id: name === "later" ? undefined : `${name}_1`, state: inputs }),
      call: (call) => {
        calls.push(call);
        return answer;
      },
    },
    "project",
    "dev",
    isPreview,
  );
}
beforeEach(() => underMocks());

const asked = () => calls.map(({ token, inputs }) => ({ token, ...inputs }));
const token = "qoder:index:getDeploymentRuns";

async function sent(value: unknown): Promise<unknown> {
  return (await pulumi.runtime.serializeProperties("test", { value }))["value"];
}

const initialEvents = [{ type: "user.message" as const, content: "hello" }];
const deployment = (name: string) =>
  new QoderDeployment(name, { agent: "agent_1", environmentId: "env_1", initialEvents });

test("under mocks, `call` gets the arguments of the program, and its answer gives the runs", async () => {
  const args = { deploymentId: "dep_1", limit: 5, triggeredAfter: "2026-11-25T00:00:00Z" };
  expect(await getDeploymentRuns(args)).toEqual([{ id: "drun_1" }]);
  expect(await getDeploymentRuns({ deploymentId: "dep_1" })).toEqual([{ id: "drun_1" }]);
  expect(await sent(getDeploymentRunsOutput({ deploymentId: deployment("daily").id, limit: 3 }))).toEqual([
    { id: "drun_1" },
  ]);
  expect(asked()).toEqual([
    { token, ...args },
    { token, deploymentId: "dep_1" },
    { token, deploymentId: "daily_1", limit: 3 },
  ]);
});

test("getDeploymentRuns fails on a wrong answer of the mocks, and the error shows the right form", async () => {
  answer = { id: "dep_1" };
  await expect(getDeploymentRuns({ deploymentId: "dep_1" })).rejects.toThrow(
    "getDeploymentRuns: the mocks must return { runs: [...] } in `call`",
  );
});

test("getDeploymentRunsOutput with an unknown deployment sends no request in a preview, and the runs are unknown", async () => {
  underMocks(true);
  const runs = getDeploymentRunsOutput({ deploymentId: deployment("later").id });
  expect(await sent(runs)).toBe(pulumi.runtime.unknownValue);
  expect(calls).toEqual([]);
});

const noTime = "is not a time such as 2026-11-25T00:00:00Z";

test.each<[unknown, string]>([
  [undefined, "deploymentId is not a text"],
  ["dep_1", "deploymentId is not a text"],
  [{ deploymentId: "" }, "deploymentId is empty"],
  [{}, "deploymentId is not a text"],
  [{ deploymentId: pulumi.output("dep_1") }, "deploymentId is an Output; use getDeploymentRunsOutput"],
  [{ id: "dep_1" }, "id is not an argument; the arguments are deploymentId, limit, triggeredAfter or triggeredBefore"],
  [{ deploymentId: "dep_1", limit: 0 }, "limit is not a whole number from 1 on"],
  [{ deploymentId: "dep_1", limit: 1.5 }, "limit is not a whole number from 1 on"],
  [{ deploymentId: "dep_1", limit: "5" }, "limit is not a whole number from 1 on"],
  [{ deploymentId: "dep_1", triggeredAfter: "yesterday" }, `triggeredAfter ${noTime}`],
  [{ deploymentId: "dep_1", triggeredBefore: "2026-13-01T00:00:00Z" }, `triggeredBefore ${noTime}`],
  [{ deploymentId: "dep_1", triggeredBefore: "2026-11-25" }, `triggeredBefore ${noTime}`],
])("getDeploymentRuns with wrong arguments fails without a request: %#", async (args, problem) => {
  const given = Object({ args });
  await expect(getDeploymentRuns(given.args)).rejects.toThrow(new pulumi.RunError(`getDeploymentRuns: ${problem}`));
  expect(calls).toEqual([]);
});
