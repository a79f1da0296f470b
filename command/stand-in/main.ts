import { createRequire } from "node:module";
import { join } from "node:path";
import { z } from "zod";
import { QoderError } from "../../provider/api/errors";
import { suggestion } from "../../provider/resource/check/suggestion";
import { type CommandLine, type CommandRow, flag, Misuse, runCommand, valued, wholeNumber } from "../command";
import type { Streams } from "../printer";
import { onInterruption } from "../terminal";
import { printable } from "../words";

/**
 * A package of its own: with its HTTP server (fastify) it has 300 kB packed, as much as this whole package, and no program in
 * production needs it.
 */
const standInPackage = "pulumi-qoder-stand-in";

/** What happens to runs, with the meanings for the help. */
const happenings = {
  done: "success",
  failed: "an error of the model",
  waiting: "a tool waits for the approval of a person",
  budget: "the budget stops the session",
  "not-satisfied": "the outcome is not satisfied",
  "late-grading": "the grading comes 20 seconds after the end",
  silent: "success, but without a message of the agent",
  "paused-by-service": "an error, after which the service pauses the deployment",
  missed: "every second time of a schedule passes without a run",
  never: "sessions run until somebody cancels them",
} as const;

type Happening = keyof typeof happenings;
const happeningNames: readonly string[] = Object.keys(happenings);

const options = {
  port: { ...valued("NUMBER", "the port on this machine, 0 for any free one; left out: 4010"), default: "4010" },
  log: flag("print each request in a line, without its secrets, and each start and end of a run"),
  fire: flag("start the runs of active deployments by their schedules, in fast motion (--speed)"),
  speed: valued("NUMBER", "seconds of the service in a second; left out: 60 with --fire, else 1"),
  with: {
    ...valued(
      "HOW,...",
      `what happens to runs, by turns: ${Object.entries(happenings)
        .map(([name, meaning]) => `${name} (${meaning})`)
        .join(", ")}; left out: done`,
    ),
    multiple: true,
  },
  token: { ...valued("TOKEN", "the access token that it accepts; left out: pt-demo"), default: "pt-demo" },
  generation: { ...valued("1|2", "the published contract: June 2026, or since July 2026; left out: 2"), default: "2" },
} as const;

export const standInCommand: CommandRow<typeof options> = {
  name: "stand-in",
  brief: "serves a mock of the API on this machine, to try things without an account",
  usage: "[options]",
  does: `Serves a mock of the API on this machine until Ctrl-C, and prints the variables to export in another terminal. Needs the package ${standInPackage}. A session ends 17 seconds of the service after its start.`,
  options,
  offline: true,
  statuses: { 0: "it was stopped", 1: "it could not start" },
  page: "stand-in/README.md",
};

interface StandInOptions {
  readonly port: number;
  readonly token: string;
  readonly generation: 1 | 2;
  readonly fire: boolean;
  readonly speed?: number;
  readonly with: readonly Happening[];
  readonly log?: (line: string) => void;
}

interface StandIn {
  readonly environment: Readonly<Record<string, string>>;
  readonly serviceAccount: Readonly<Record<string, string>>;
  readonly agentId: string;
  readonly environmentId: string;
  readonly latitude?: number | undefined;
  close(): Promise<void>;
}

type StartStandIn = (options: StandInOptions) => Promise<StandIn>;

interface Outside {
  readonly start: StartStandIn;
  readonly onInterruption: typeof onInterruption;
}

export async function runStandIn(
  args: readonly string[],
  streams: Streams,
  outside: Partial<Outside> = {},
): Promise<number> {
  const { stdout, stderr } = streams;
  const { onInterruption: onStop = onInterruption } = outside;
  return runCommand(standInCommand, args, streams, asked, async ({ log, ...command }) => {
    const start = outside.start ?? installed();
    const standIn = await start({
      ...command,
      ...(log ? { log: (line) => stderr.write(`${printable(line)}\n`) } : {}),
    });
    // A shell reads the first line.
    stdout.write(exportsText(standIn), true);
    await new Promise<void>((resolve) => onStop(resolve));
    await standIn.close();
    return 0;
  });
}

/** The variables that the README exports, and what is there already. */
function exportsText({ environment, serviceAccount, agentId, environmentId, latitude }: StandIn): string {
  const variables = (values: Readonly<Record<string, string>>) =>
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ");
  return [
    `export ${variables({ ...environment, PULUMI_CONFIG_PASSPHRASE: "demo" })}`,
    "# In place of the token, the key of a service account, and the host that exchanges it for a token:",
    `# export ${variables(serviceAccount)}`,
    `# An agent and an environment exist: ${agentId} and ${environmentId}`,
    ...(latitude === undefined
      ? []
      : [
          `# Where the pages of the API leave a choice, this mock follows a seed; to repeat it: export QODER_API_LATITUDE=${latitude}`,
        ]),
    "",
  ].join("\n");
}

const moduleSchema = z.object({
  startStandIn: z.custom<StartStandIn>((value) => typeof value === "function"),
});

/** The package of the stand-in, in the project of the user or beside this package. */
function installed(): StartStandIn {
  for (const folder of [process.cwd(), __dirname]) {
    const load = createRequire(join(folder, "package.json"));
    if (isInstalled(load)) {
      return moduleSchema.parse(load(standInPackage)).startStandIn;
    }
  }
  throw new QoderError(
    `the package ${standInPackage} is not installed: run \`npm install --save-dev ${standInPackage}\`; until the first release, run \`npm ci && npm pack ./stand-in\` in a clone and install the file that it makes`,
  );
}

function isInstalled(load: NodeJS.Require): boolean {
  try {
    return load.resolve(standInPackage) !== "";
  } catch {
    return false;
  }
}

function asked({ values }: CommandLine<typeof options>) {
  const { log, fire, token } = values;
  const speed = values.speed === undefined ? {} : { speed: wholeNumber("speed", values.speed, 1, 100_000) };
  const { generation } = values;
  if (generation !== "1" && generation !== "2") {
    throw new Misuse(`--generation takes 1 or 2, not "${generation}"`);
  }
  return {
    port: wholeNumber("port", values.port, 0, 65_535),
    ...{ token, fire, log, ...speed },
    generation: generation === "1" ? (1 as const) : (2 as const),
    with: (values.with ?? []).flatMap((list) => list.split(",")).map(happeningOf),
  };
}

function happeningOf(name: string): Happening {
  if (!isHappening(name)) {
    const known = `; it takes ${happeningNames.join(", ")}`;
    throw new Misuse(`--with does not take "${name}"${suggestion(name, happeningNames) || known}`);
  }
  return name;
}

function isHappening(name: string): name is Happening {
  return Object.hasOwn(happenings, name);
}
