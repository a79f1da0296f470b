import { runLogs } from "../../../command/logs/main";
import { secondToken as second } from "../command-world";
import { ended } from "../ended";
import { createInAccount, useToldPulumi } from "../stack/told-stack";
import { token, useStatusWorld } from "../status/status-world";

const world = useStatusWorld();
const told = useToldPulumi();

test("with --stack a name of the program selects the deployment in its account, and no secret of the state is printed", async () => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly-dev")];
  told.pulumi.twoAccounts(
    world.api.url,
    { id: one, pat: token, name: "daily" },
    { id: two, pat: second, name: "nightly-dev" },
  );
  const { session_id: session } = world.api.deployments.runBySchedule(two);
  world.api.sessions.end(session ?? "", { message: `I found ${token} and ${second}.` });
  const { status, stdout, stderr } = await ended((streams) =>
    runLogs(["nightly", "--stack", "dev"], told.pulumi.environment, streams, "Asia/Shanghai"),
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`deployment ${two} "nightly-dev"\n`);
  expect(stdout).toMatch(/ agent {4}I found \[secret\] and \[secret\]\.\n$/);
  expect(world.api.requests.every((request) => request.token === second)).toBe(true);
});

test("with --stack the id of a deployment selects it in its account, after `--` too", async () => {
  const [one, two] = [world.create("daily"), createInAccount(world.api, "second", "nightly-dev")];
  told.pulumi.twoAccounts(world.api.url, { id: one, pat: token }, { id: two, pat: second });
  world.api.deployments.runBySchedule(two);
  const { status, stdout } = await ended((streams) =>
    runLogs(["--stack", "--", two], told.pulumi.environment, streams, "Asia/Shanghai"),
  );
  expect(status).toBe(0);
  expect(stdout).toContain(`deployment ${two} "nightly-dev"\n`);
});
