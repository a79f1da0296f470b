import { writeFile } from "node:fs/promises";
import { Lab } from "../../contract/lab";
import type { Needs, Row } from "../../contract/row";
import { rows } from "../../contract/table";
import { type Clock, systemClock } from "../../provider/api/clock";
import { accountOf, CommandClient } from "../client";
import { type CommandLine, type CommandRow, failedText, flag, Misuse, runCommand, valued } from "../command";
import { accountOptions, askingOptions } from "../selection";
import { type Ask, type Environment, onInterruption, type Sink, type Streams, terminalQuestion } from "../terminal";
import { systemReason } from "../words";
import { putAway } from "./clean-up";
import { byHarm, doesHarm, type Tried, tryRows, untriedBecause } from "./findings";
import { report } from "./report";

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
  { clock = systemClock, ask = terminalQuestion(), version = "", ...more }: Partial<Outside> = {},
): Promise<number> {
  return runCommand(
    probeCommand,
    args,
    streams,
    (line) => asked(line, ask),
    async (command) => {
      const account = accountOf(command.workspace, environment);
      const client = CommandClient.connect(account, { clock }, streams);
      const outside = { clock, ask, version, onInterruption, ...more };
      try {
        return await probe(command, client, editionOf(account.baseUrl), streams, outside);
      } finally {
        await client.close();
      }
    },
  );
}

async function probe(
  command: ProbeCommand,
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
    stderr.write(failedText("probe", failure, again));
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
  { withRun }: ProbeCommand,
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

type ProbeCommand = ReturnType<typeof asked>;

const options = {
  "with-run": flag(
    "also start a run, which costs credits: the cheapest model answers one word, with a budget of 3 credits",
  ),
  yes: askingOptions.yes,
  ...accountOptions,
  out: { ...valued("FILE", "where the report goes; left out: qoder-probe-<date>.md in this folder"), short: "o" },
} as const;

export const probeCommand: CommandRow<typeof options> = {
  name: "probe",
  brief: "asks the real service what the documentation of its API leaves open",
  usage: "[options]",
  does: "Asks the real service what the documentation of the API leaves open, and writes a report without ids and tokens. Lists the objects that it creates first, and asks: two agents, two environments, a paused deployment, two vaults, and one more of each that the service creates twice, all named qoder-probe-... At the end, also after Ctrl-C or an error, the probe archives these objects and deletes the vaults. The API cannot delete archived objects.",
  options,
  statuses: {
    0: "the probe is complete, and no difference can do harm",
    1: "a difference can cost money, create duplicates or lose changes, or the probe ended early or may have left an object",
    2: "nothing was tried: there is no token, or the service refused it",
  },
  page: "docs/assumptions.md",
  failed: exitStatus.notTried,
  again,
};

function asked({ values }: CommandLine<typeof options>, ask: Ask) {
  const { withRun, yes, workspace, out } = values;
  if (ask === undefined && !yes) {
    throw new Misuse("there is no terminal to ask in; add --yes to continue without a question");
  }
  return { withRun, yes, workspace, out };
}

/** The plan that a person confirms. */
function plan(name: string, withRun: boolean): string {
  const run = withRun
    ? "It starts a run (two where the service ignores idempotency keys) with the model of the lowest price, which answers one word; that costs\nabout 1 to 3 credits a run, and the deployment gets a budget of 3 credits.\n"
    : "No deployment runs, so the probe costs no credits.\n";
  return `The probe is going to make, each with a name that begins with ${name}:
  two agents, two environments, a paused deployment without a schedule, and two vaults with one made-up value
  one more of these where the service creates a duplicate
${run}In the end it permanently archives the agents, environments and deployments, and deletes the vaults.
`;
}
