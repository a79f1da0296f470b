import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment } from "../../provider";
import { agents } from "../../provider/kinds/table";
import { EngineWorld } from "../support/engine-world";
import { create } from "../support/imported-account";
import { liveWithSecrets, origins } from "../support/secret-origins";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";

const world = EngineWorld.ofTests({ tokens: { [secrets.pat]: "default" } });

/** `test/ci/secrets.test.ts` has the other origins. */
test.each(origins.slice(0, 2))(
  "no secret is in state, history, backups, output, errors or log if the token comes from $title",
  (origin) => liveWithSecrets(world, origin),
);

test("additionalSecretOutputs encrypts outputs of QoderDeployment.get in the state", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  const metadata = { label: secrets.label };
  const { id } = create(world, { name: "theirs", environment_variables: `KEY=${secrets.variable}`, metadata });
  const additionalSecretOutputs = ["environmentVariables", "metadata", "effectiveMetadata"];
  await stack.up(async () => {
    QoderDeployment.get("theirs", id, { additionalSecretOutputs });
  });
  await stack.refresh();
  expect(stack.deployment().outputs).toMatchObject({ name: "theirs", status: "active" });
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
});

test("the service's form of a secret argument is encrypted in the state after a create, a refresh and an update", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  world.api.switches.addedMembers = "elements";
  const declaring = (system: string) => async () => {
    const description = pulumi.secret(secrets.label);
    const tools = [{ type: "custom" as const, name: "ask", description, inputSchema: { type: "object" } }];
    new QoderAgent("asking", { model: "ultimate", system, tools });
  };
  await stack.up(declaring("a"));
  await stack.refresh();
  await stack.up(declaring("b"));
  const agent = stack.resources().find(({ type }) => type === agents.type);
  expect(agent?.outputs?.["__shown"]).toMatchObject({ ciphertext: expect.any(String) });
  expect(holdersOf(filesBelow(join(world.folder, "state")))).toEqual([]);
});
