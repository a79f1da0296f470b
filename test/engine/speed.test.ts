import { EngineWorld } from "../support/engine-world";
import { InstalledProject } from "../support/installed-project";
import { run } from "../support/pulumi-cli/run";

let world: EngineWorld;
let project: InstalledProject;
beforeAll(async () => {
  world = await EngineWorld.start();
  project = new InstalledProject(world);
});
afterAll(() => world.stop());

const empty = `
  const { dynamic } = require("@pulumi/pulumi");
  class Empty extends dynamic.Resource {}
  new Empty({ create: async () => ({ id: "empty", outs: {} }) }, "empty", {});
`;
const deployment = (name: string) => `
  const { QoderDeployment } = require("pulumi-qoder");
  new QoderDeployment("daily", ${JSON.stringify({ ...world.args(), name })});
`;

/** Of the CLI and all that it starts: what `times` of a shell prints last. */
function secondsOf(times: string): number {
  const [user, system] = [...times.matchAll(/(\d+)m([\d.]+)s/g)]
    .slice(-2)
    .map(([, minutes, seconds]) => Number(minutes) * 60 + Number(seconds));
  return (user ?? Number.NaN) + (system ?? Number.NaN);
}

/** The CPU time of an up in a stack of its own. A machine that is busy with other things makes it take longer, but not more. */
async function secondsOfUp(stack: string, program: string): Promise<number> {
  project.write(program);
  await project.newStack(stack);
  const up = [world.cli.executable, "up", "--yes", "--skip-preview", "--non-interactive", "--stack", stack];
  const options = { cwd: project.folder, env: { ...world.environment, NODE_OPTIONS: "" } };
  return secondsOf(await run("sh", ["-c", '"$@" && times', "sh", ...up], options));
}

test("up of one deployment takes at most 1.3 times the CPU time of an up of an empty dynamic resource", async () => {
  const theirs: number[] = [];
  const ours: number[] = [];
  const ratio = () => Math.min(...ours) / Math.min(...theirs);
  // Of the least of each, as what else happens in a process only adds to it; a second time where the first was disturbed.
  do {
    theirs.push(await secondsOfUp(`empty${theirs.length}`, empty));
    ours.push(await secondsOfUp(`deployment${ours.length}`, deployment(`daily${ours.length}`)));
  } while (ratio() > 1.3 && ours.length < 5);
  expect(ratio()).toBeLessThanOrEqual(1.3);
});
