import { basename } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  describeSchedule,
  getAgent,
  getAgentOutput,
  getDeploymentRuns,
  getSkill,
  nextRuns,
  QoderDeployment,
  QoderDeploymentRun,
  QoderProvider,
  requireSettings,
  spread,
} from "../../../provider";
import { leastDeployment, mockEngine } from "../../support/registrations";

beforeEach(mockEngine);

/** Calls of a program in JavaScript, which no compiler checks. */
const untyped = (value: object) => JSON.parse(JSON.stringify(value));

const mistakes: Readonly<Record<string, () => unknown>> = {
  "the resource option import": () => new QoderDeployment("daily", leastDeployment, { import: "dep_1" }),
  "the option providers of a resource": () =>
    new QoderDeployment("daily", leastDeployment, untyped({ providers: { qoder: {} } })),
  "a name that the SDK refuses": () => new QoderDeployment("", leastDeployment),
  "a time limit that is no duration": () =>
    new QoderDeployment("daily", leastDeployment, { customTimeouts: { create: "soon" } }),
  "a run that is to be imported": () =>
    new QoderDeploymentRun("smoke", { deploymentId: "dep_1" }, { import: "drun_1" }),
  "an account without a token": () => new QoderProvider("account", untyped({})),
  "an account with an empty token": () => new QoderProvider("account", { pat: "" }),
  "a look-up without a name": () => getAgent(untyped({})),
  "a look-up with an unknown source": () => getSkill(untyped({ name: "review", source: "market" })),
  "a look-up with an unknown option": () => getAgentOutput({ name: "reporter" }, untyped({ protect: true })),
  "a look-up with the option providers": () => getAgent({ name: "reporter" }, untyped({ providers: [] })),
  "a list of runs with a wrong limit": () => getDeploymentRuns({ deploymentId: "dep_1", limit: 0 }),
  "runs of a wrong schedule": () => nextRuns({ expression: "75 * * * *", timezone: "UTC" }),
  "a number of runs that is not whole": () => nextRuns({ expression: "5 * * * *", timezone: "UTC" }, { count: 1.5 }),
  "a description of a wrong schedule": () => describeSchedule({ expression: "often", timezone: "UTC" }),
  "a period that does not exist": () => spread("shop", untyped({ every: "decade" })),
  "missing settings": () => requireSettings({ secret: ["trackerToken"] }),
};

// Node.js 20.19 to 25 do not end when they colour such a frame (nodejs/node issue 64011), and Pulumi colours each error.
test.each(Object.keys(mistakes))("an error about %s has no frame of a package or of Node.js", async (mistake) => {
  jest.spyOn(pulumi.log, "warn").mockResolvedValue();
  const { stackTraceLimit } = Error;
  const error: unknown = await Promise.resolve()
    .then(mistakes[mistake])
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  expect(error).toBeInstanceOf(Error);
  const { message, stack } = error instanceof Error ? error : new Error();
  expect(message).not.toBe("");
  expect(stack).not.toMatch(/node_modules|node:/);
  // Either the CLI shows only the message, or the frames name the line of the program.
  expect(stack === "" || stack?.includes(basename(__filename))).toBe(true);
  expect(Error.stackTraceLimit).toBe(stackTraceLimit);
});
