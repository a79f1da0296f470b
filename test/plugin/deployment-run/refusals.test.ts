import { startAdvices } from "../../../provider/deployment-run/not-started";
import { deploymentRun } from "../../kinds/deployment-run";
import { Runs } from "../../support/runs";
import { World } from "../../support/world";

const world = World.ofTests(deploymentRun);
const runs = new Runs(world);

const failed = (reason: string) => `QoderDeploymentRun "daily": create failed: ${reason}`;

test.each<[string, () => unknown, string]>([
  [
    "paused by hand",
    () => world.api.deployments.pause(runs.deploymentId),
    "DEP is paused, so it starts no run.\nSet `paused: false`, or run `npx pulumi-qoder resume DEP --stack`, then the same command again",
  ],
  [
    "paused by the service",
    () => world.api.deployments.pauseByError(runs.deploymentId, "agent_archived_error"),
    "the service paused DEP after a failed run (agent_archived_error), so it starts no run.\nCorrect the cause, run `npx pulumi-qoder resume DEP --stack --paused-by-service`, then the same command again",
  ],
  [
    "archived",
    () => world.api.deployments.archive(runs.deploymentId),
    "DEP was archived at TIME and cannot be restored, so it starts no run.\nGive deploymentId the id of another deployment",
  ],
])("`up` fails before it starts a run of a deployment that is %s", async (_, change, reason) => {
  change();
  const stack = world.stack();
  const time = world.api.deployments.get(runs.deploymentId).archived_at;
  const told = reason.replaceAll("DEP", runs.deploymentId).replace("TIME", String(time));
  await expect(stack.up(world.args())).rejects.toThrow(new Error(failed(told)));
  expect(runs.sent()).toEqual(["DEPLOYMENT"]);
  expect(stack.state).toBeUndefined();
});

test("if the service refuses to run a deployment that was just paused, the error advises to unpause it", async () => {
  const body = { error: { type: "conflict_error", message: "Deployment is archived or not in active status" } };
  runs.strike({ kind: "status", status: 409, body, times: 1 });
  await expect(world.stack().up(world.args())).rejects.toThrow(
    /409 conflict_error: Deployment is archived or not in active status.*\nThe deployment was paused or archived a moment ago. Unpause it or set another deploymentId, then run `pulumi up` again$/,
  );
});

const types = startAdvices.flatMap(({ title, text }) =>
  [...title.matchAll(/`(\w+)`/g)]
    .filter(([, type = ""]) => type.endsWith("_error") || type === "skipped")
    .map(([, type = ""]) => [type, text] as const),
);

test.each([
  ...types,
  ["brand_new_error", startAdvices.find(({ title }) => title.includes("any other"))?.text ?? ""] as const,
])("a run that could not start (%s) makes `up` fail with the type and the remedy", async (type, text) => {
  const transform = (reply: Readonly<Record<string, unknown>>) => ({
    ...reply,
    session_id: null,
    error: { type, message: "It is so." },
  });
  runs.strike({ kind: "replace-body", transform, times: 1 });
  const stack = world.stack();
  const message = await stack.up(world.args()).then(String, (error: Error) => error.message);
  const [run] = world.api.runs.all();
  expect(message).toBe(failed(`${run?.id} of ${runs.deploymentId} could not start: ${type}: It is so.\n${text}`));
  expect(text).toMatch(/then run `pulumi up` again, which starts another run$/);
  expect(stack.state).toBeUndefined();
});

test("the error names the run, the deployment, the type, the message of the service and the remedy", async () => {
  world.api.environments.archive("env_a");
  const stack = world.stack();
  const message = await stack.up(world.args()).then(String, String);
  const [run] = world.api.runs.all();
  expect(message).toBe(
    `ProviderError: ${failed(`${run?.id} of ${runs.deploymentId} could not start: environment_archived_error: Environment is archived`)}.\nGive the deployment an environment that exists and is not archived (\`environmentId\`), then run \`pulumi up\` again, which starts another run`,
  );
  // The service repeats its answer to the same key.
  await expect(stack.up(world.args())).rejects.toThrow("could not start");
  expect(world.api.runs.all()).toHaveLength(2);
  world.api.environments.overwrite("env_a", { archived_at: null });
  await stack.up(world.args());
  expect(runs.startedIds).toEqual([stack.state?.id]);
});

test("a run that the older generation of the API skips makes `up` fail with a remedy", async () => {
  world.reset({ generation: 1 });
  world.api.deployments.runBySchedule(runs.deploymentId);
  const stack = world.stack();
  await expect(stack.up(world.args())).rejects.toThrow(
    /could not start: skipped: the service gives no reason\.\nThe deployment already has as many runs as it allows/,
  );
  runs.passMinutes(1);
  await stack.up(world.args());
  expect(stack.state?.id).toBe(runs.startedIds.at(-1));
});

test("a run that could not start makes `up` fail with its type even if the answer was lost", async () => {
  world.api.agents.archive("agent_a");
  runs.strike({ kind: "reset-after", times: 1 });
  await expect(world.stack().up(world.args())).rejects.toThrow("could not start: agent_archived_error");
  world.api.agents.overwrite("agent_a", { archived_at: null });
  expect(runs.sent()).toEqual(["DEPLOYMENT", "LIST", "RUN", "LIST"]);
});

test.each([["unreadable"], [{ code: 7 }], [true]])("an error of unknown form (%j) is shown as it is", async (error) => {
  runs.strike({ kind: "replace-body", transform: (reply) => ({ ...reply, session_id: null, error }), times: 1 });
  await expect(world.stack().up(world.args())).rejects.toThrow(
    `could not start: unknown_error: ${JSON.stringify(error)}`,
  );
});
