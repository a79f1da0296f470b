import { parseArgs } from "node:util";
import { type InlineProgramArgs, LocalWorkspace } from "@pulumi/pulumi/automation";
import { QoderAgent, QoderDeployment, QoderEnvironment } from "pulumi-qoder";

/** What each team gets. */
const reportsOf = (team: string) => async () => {
  const reporter = new QoderAgent("reporter", {
    name: `${team}-reporter`,
    model: "ultimate",
    system: `You write short reports for the team ${team}.`,
  });
  const cloud = new QoderEnvironment("cloud", {
    name: `${team}-cloud`,
    config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
  });
  const report = new QoderDeployment("report", {
    name: `${team}-report`,
    agent: reporter,
    environmentId: cloud.id,
    schedule: { expression: "0 9 * * 1-5", timezone: "UTC" },
    initialEvents: `Report what ${team} did yesterday`,
  });
  return { deploymentId: report.id };
};

async function main(): Promise<void> {
  const { positionals: teams, values } = parseArgs({
    allowPositionals: true,
    options: { destroy: { type: "boolean", default: false } },
  });
  for (const team of teams) {
    const args: InlineProgramArgs = { stackName: team, projectName: "qoder-automation-api", program: reportsOf(team) };
    // The engine starts the provider in the folder that this runs in, which `npm start` sees to: there it finds pulumi-qoder.
    const stack = await LocalWorkspace.createOrSelectStack(args);
    const { summary } = values.destroy ? await stack.destroy() : await stack.up();
    console.log(`${team}: ${changes(summary.resourceChanges)}`);
  }
}

function changes({ same = 0, ...changed }: Readonly<Record<string, number>> = {}): string {
  const words = Object.entries(changed).map(([operation, count]) => `${count} to ${operation}`);
  return [...words, `${same} the same`].join(", ");
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
