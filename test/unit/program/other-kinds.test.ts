import * as pulumi from "@pulumi/pulumi";
import { QoderDeploymentRun, QoderEnvironment } from "../../../provider";
import { deploymentRuns } from "../../../provider/kinds/table";
import { mockEngine, registration } from "../../support/registrations";

beforeEach(mockEngine);

test("a program registers a run with its triggers and without a name, and refuses the option import", async () => {
  const triggers = { commit: "4f2a", of: [pulumi.output(1), null] };
  const { inputs } = await registration(new QoderDeploymentRun("smoke", { deploymentId: "dep_1", triggers }));
  expect(inputs).toEqual({
    deploymentId: "dep_1",
    triggers: { commit: "4f2a", of: [1, null] },
    __provider: deploymentRuns.source,
    __origin: expect.stringMatching(/qoder:DeploymentRun::smoke$/),
    __command: expect.anything(),
  });
  expect(() => new QoderDeploymentRun("smoke", { deploymentId: "dep_1" }, { import: "drun_1" })).toThrow(
    "the resource option import cannot read it; QoderDeploymentRun.get looks it up",
  );
});

test.each([[undefined], [{}], [{ config: pulumi.output(undefined) }]])(
  "an environment without a configuration (%#) is a cloud environment",
  async (declared) => {
    const { inputs } = await registration(new QoderEnvironment("cloud", declared));
    expect(inputs).toMatchObject({ name: "cloud", config: { type: "cloud" } });
  },
);
