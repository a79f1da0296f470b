import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, type QoderDeploymentArgs } from "../../provider";
import { EngineWorld, stateFile } from "../support/engine-world";
import { liveWithSecrets, origins } from "../support/secret-origins";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";

const world = EngineWorld.ofTests({ tokens: { [secrets.pat]: "default" } });

test.each(origins.slice(2))(
  "no secret is in state, history, backups, output, errors or log if the token comes from $title",
  (origin) => liveWithSecrets(world, origin),
);

test("after an update that failed in part and refreshes no state has a secret; the next `up` sends the rest or goes back", async () => {
  const stack = await world.stack("dev", { QODER_PAT: secrets.pat });
  const before = { metadata: { team: "a" }, environmentVariables: { LEVEL: "info" }, paused: false };
  const after = {
    resources: [{ type: "git_repository" as const, url: "https://git.example/b", password: secrets.git }],
    metadata: { team: "a", label: pulumi.secret(secrets.label) },
    environmentVariables: { LEVEL: "info", KEY: pulumi.secret(secrets.variable) },
    paused: true,
  };
  const declaring = (forward: Partial<QoderDeploymentArgs>, back: Partial<QoderDeploymentArgs>) => async () => {
    new QoderDeployment("forward", { ...world.args(), ...forward });
    new QoderDeployment("back", { ...world.args(), ...back });
  };
  await stack.up(declaring(before, before));
  const [forward, back] = ["forward", "back"].map(
    (wanted) => world.api.deployments.live().find(({ name }) => name === wanted)?.id,
  );
  const error = { type: "invalid_request_error", message: `no pause with ${secrets.label}` };
  const body = { type: "error", error };
  world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body, times: 2 });
  const up = stack.automation.up({ color: "never", continueOnError: true, program: declaring(after, after) });
  const failed = await up.then(() => "no failure", String);
  for (const name of ["forward", "back"]) {
    const called = `QoderDeployment "${name}" \\(dep_\\w+\\): update was done in part,`;
    expect(failed).toMatch(new RegExp(`error: ${called} .*: no pause with \\[secret\\]`));
    expect(failed).toMatch(new RegExp(`\\* ${called} the next \`pulumi up\` does the rest; the reason`));
  }
  // A service may also repeat what nobody has marked, so the reason in the state quotes nothing of the service.
  expect(stateFile(world)).not.toContain("no pause");
  await stack.refresh();
  await stack.refresh();
  world.sent();
  const stored = () => holdersOf(filesBelow(join(world.folder, "state")));
  expect(stored()).toEqual([]);

  const program = declaring(after, before);
  await stack.up(program);
  const sent = world.sent();
  const removal = { resources: [], metadata: { label: null }, environment_variables: "LEVEL=info" };
  expect(sent).toHaveLength(2);
  expect(sent).toContainEqual(["POST", `/deployments/${forward}/pause`]);
  expect(sent).toContainEqual(["POST", `/deployments/${back}`, removal]);
  await stack.previewNothing(program);
  await stack.refresh();
  await stack.previewNothing(program);
  expect(stored()).toEqual([]);
});
