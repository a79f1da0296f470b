/**
 * `npm run probe` asks the real service what the documentation of its API leaves open, and what the provider assumes (docs/assumptions.md).
 * The tests ask the mock the same questions.
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { accountOf, CommandClient } from "../../command/client";
import { misused } from "../../command/command";
import { type Sink, type Streams, streamsOf } from "../../command/printer";
import { type Ask, type Environment, onInterruption, secretsIn, terminalQuestion } from "../../command/terminal";
import { failureText, systemReason } from "../../command/words";
import { version as packageVersion } from "../../package.json";
import { type Clock, systemClock } from "../../provider/api/clock";
import { reasonOf } from "../../provider/api/errors";
import { wrapped } from "../../provider/api/lines";
import { putAway } from "./clean-up";
import { byHarm, doesHarm, type Tried, tryRows, untriedBecause } from "./findings";
import { Lab } from "./lab";
import { report } from "./report";
import type { Needs, Row } from "./row";
import { rows } from "./rows/table";

const exitStatus = { well: 0, early: 1, harmful: 1, notTried: 2 } as const;

const again = "Run the same command again";

/** The parts of the command that depend on the person and the system. */
export interface Outside {
  readonly clock: Clock;
  readonly ask: Ask;
  readonly onInterruption: (interrupted: () => void) => () => void;
  readonly version: string;
}

export async function runProbe(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  { clock = systemClock, ask = terminalQuestion(), version = packageVersion, ...more }: Partial<Outside> = {},
): Promise<number> {
  let command: Asked | undefined;
  try {
    command = asked(args, ask);
  } catch (error) {
    streams.stderr.write(`${reasonOf(error)}. See \`npm run probe -- --help\`\n`);
    return misused;
  }
  if (command === undefined) {
    streams.stdout.write(help);
    return 0;
  }
  try {
    const account = accountOf(command.workspace, environment);
    const client = CommandClient.connect(account, { clock }, streams);
    try {
      const outside = { clock, ask, version, onInterruption, ...more };
      return await probe(command, client, editionOf(account.baseUrl), streams, outside);
    } finally {
      await client.close();
    }
  } catch (error) {
    streams.stderr.write(`The probe failed: ${failureText(error, again)}\n`);
    return exitStatus.notTried;
  }
}

async function probe(
  command: Asked,
  client: CommandClient,
  edition: string,
  streams: Streams,
  outside: Outside,
): Promise<number> {
  const { stderr } = streams;
  const lab = new Lab(client);
  const reads = await tryRows(lab, rowsFor("reads"));
  if (reads.ended !== undefined) {
    throw reads.ended;
  }
  stderr.write(plan(lab.name, command.withRun));
  const isAgreed = command.yes || (await outside.ask?.("Continue?")) === true;
  const stopListening = outside.onInterruption(() => {
    lab.stop();
    stderr.write(
      `Interrupted: the probe archives or deletes its objects now. Another Ctrl-C leaves the objects named ${lab.name}\n`,
    );
  });
  const { findings, ended: failure, alive } = await withObjects(command, client, lab, isAgreed, stderr);
  stopListening();
  const isEarly = failure !== undefined || lab.isStopped;
  const all = [...reads.findings, ...findings];
  const harmful = all.filter(doesHarm);
  const text = report({
    ...{ version: outside.version, date: dayOf(lab.startedAt), edition, withRun: command.withRun },
    tookMs: lab.now() - lab.startedAt,
    findings: all,
    alive: alive.length,
    ended: isEarly ? "early" : "as planned",
  });
  for (const left of alive) {
    stderr.write(`Still alive: ${left}\n`);
  }
  if (failure !== undefined) {
    stderr.write(`The probe failed: ${failureText(failure, again)}\n`);
  }
  for (const { row, harm, remedy } of byHarm(harmful)) {
    stderr.write(`${row.name} differs, and that ${harm}: ${remedy}\n`);
  }
  const file = command.out ?? `qoder-probe-${dayOf(lab.startedAt)}.md`;
  const isWritten = await written(file, text, streams);
  if (isEarly || alive.length > 0 || !isWritten) {
    return exitStatus.early;
  }
  return harmful.length > 0 ? exitStatus.harmful : exitStatus.well;
}

function rowsFor(needs: Needs): Row[] {
  return rows.filter((row) => row.needs === needs);
}

async function withObjects(
  { withRun }: Asked,
  client: CommandClient,
  lab: Lab,
  isAgreed: boolean,
  stderr: Sink,
): Promise<Tried & { readonly alive: readonly string[] }> {
  const [ofObjects, ofRuns] = [rowsFor("objects"), rowsFor("a run")];
  if (!isAgreed) {
    return { findings: [...ofObjects, ...ofRuns].map((row) => untriedBecause(row, "nobody agreed to it")), alive: [] };
  }
  stderr.write("Trying ...\n");
  const tried = await tryRows(lab, withRun ? rows.filter(({ needs }) => needs !== "reads") : ofObjects);
  stderr.write("Archiving or deleting the objects of the probe ...\n");
  const alive = await putAway(client, lab);
  const untried = withRun ? [] : ofRuns.map((row) => untriedBecause(row, "it costs credits: --with-run tries it"));
  return { ...tried, findings: [...tried.findings, ...untried], alive };
}

async function written(file: string, text: string, { stdout, stderr }: Streams): Promise<boolean> {
  try {
    await writeFile(file, stdout.clean(text));
    stdout.write(`The report is in ${file}\n`);
    return true;
  } catch (error) {
    stderr.write(`${file} cannot be written: ${systemReason(error)}. The report:\n`);
    stdout.write(text, true);
    return false;
  }
}

function dayOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function editionOf(baseUrl: string): string {
  const { hostname } = new URL(baseUrl);
  const editions: Readonly<Record<string, string>> = {
    "api.qoder.com": "the global edition of Qoder",
    "api.qoder.com.cn": "the China edition of Qoder",
  };
  return editions[hostname] ?? "a service at another host";
}

const columns = 100;
const help = `Usage: npm run probe -- [options]

${wrapped("Asks the real service what the documentation of its API leaves open, and writes a report without ids and tokens. Lists the objects that it creates first, and asks: two agents, two environments, a paused deployment, two vaults, two skills, two files, and one more of each that the service creates twice, all named qoder-probe-... At the end, also after Ctrl-C or an error, the probe archives these objects and deletes the vaults, the skills and the files. The API cannot delete archived objects.", columns).join("\n")}

Options:
  --with-run      also start a run, which costs credits: the cheapest model answers one word, with a budget of 3 credits
  -y, --yes       do not ask
  --workspace ID  the workspace; left out: the default of the token
  -o, --out FILE  where the report goes; left out: qoder-probe-<date>.md in this folder

The token is QODER_ACCESS_TOKEN, else QODER_PAT, or QODER_SA_KEY of a service account; the base URL is QODER_BASE_URL.
Exit status: 0 the probe is complete, and no difference can do harm; 1 a difference can do harm, or the probe ended early or may
have left an object; 2 nothing was tried: there is no token, or the service refused it; ${misused} the command line is wrong.
More: docs/assumptions.md
`;

interface Asked {
  readonly withRun: boolean;
  readonly yes: boolean;
  readonly workspace: string | undefined;
  readonly out: string | undefined;
}

/** Undefined if the person asks for the help. */
function asked(args: readonly string[], ask: Ask): Asked | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", short: "h", default: false },
      "with-run": { type: "boolean", default: false },
      yes: { type: "boolean", short: "y", default: false },
      workspace: { type: "string" },
      out: { type: "string", short: "o" },
    },
  });
  if (!values.help && ask === undefined && !values.yes) {
    throw new Error("There is no terminal to ask in; add --yes to continue without a question");
  }
  const { "with-run": withRun, yes, workspace, out } = values;
  return values.help ? undefined : { withRun, yes, workspace, out };
}

/** The plan that a person confirms. */
function plan(name: string, withRun: boolean): string {
  const run = withRun
    ? "It starts a run (two where the service ignores idempotency keys) with the model of the lowest price, which answers one word; that costs\nabout 1 to 3 credits a run, and the deployment gets a budget of 3 credits.\n"
    : "No deployment runs, so the probe costs no credits.\n";
  return `The probe is going to make, each with a name that begins with ${name}:
  two agents, two environments, a paused deployment without a schedule, two vaults with one made-up value, two skills and two files of a few words
  one more of these where the service creates a duplicate
${run}In the end it permanently archives the agents, environments and deployments, and deletes the vaults, the skill and the file.
`;
}

if (require.main === module) {
  runProbe(process.argv.slice(2), process.env, streamsOf(process, secretsIn(process.env))).then((status) => {
    process.exitCode = status;
  });
}
