import type { AccountSettings } from "../../account/settings";
import { counted } from "../../api/clock";
import { accountOf, CommandClient } from "../client";
import { commonOptions, Misuse, type Read, readArguments, runCommand, selectionOf, timeoutOf } from "../command-line";
import type { Environment, Sink, Streams } from "../terminal";
import { ContentFolder } from "./content-folder";
import { withContents } from "./contents";
import type { ImportKind } from "./described";
import {
  countsText,
  cutOffText,
  leftOutText,
  nextSteps,
  printed,
  refuseExisting,
  withoutRefusedText,
  writeFiles,
} from "./output";
import { type Selected, select } from "./select";
import { type Source, sourcesOf } from "./sources";
import { type Plan, planned } from "./takeover";
import { importFileText, programText } from "./texts";

export async function runImport(args: readonly string[], environment: Environment, streams: Streams): Promise<number> {
  return runCommand(
    { name: "import", help, failed: 1 },
    streams,
    () => commandIn(args),
    (command) => importing(command, environment, streams),
  );
}

async function importing(command: ImportCommand, environment: Environment, streams: Streams): Promise<number> {
  if (command.out !== undefined && !command.force) {
    refuseExisting(command.out);
  }
  const account = accountOf(command.workspace, environment);
  const contents = new ContentFolder(command.out);
  let kept: readonly unknown[] = [];
  try {
    const found = await read(account, command, contents, streams.stderr);
    const status = report(command, found, streams);
    kept = found.taken.map(({ written }) => written["source"]);
    return status;
  } finally {
    contents.keep(kept);
  }
}

/** The pages between two lines of progress: an account may contain thousands of objects, with a hundred on a page. */
const progressInterval = 25;

type Found = Plan & Pick<Selected, "cutOffs">;

async function read(
  account: AccountSettings,
  { sources, timeoutMs }: ImportCommand,
  contents: ContentFolder,
  sink: Sink,
): Promise<Found> {
  const client = CommandClient.connect(account, timeoutMs);
  const progress = (does: string) => (kind: ImportKind, count: number) => {
    if (count % progressInterval === 0) {
      sink.write(`${does} ${counted(count, kind.noun)} ...\n`);
    }
  };
  try {
    const { live, leftOut, cutOffs } = await select(client, sources, progress("Read"));
    const complete = await withContents(client, live, contents, progress("Downloaded"));
    const { taken, leftOut: refused } = planned(complete.live);
    return { taken, leftOut: [...leftOut, ...complete.leftOut, ...refused], cutOffs };
  } finally {
    await client.close();
  }
}

function report(
  { sources, out, force, workspace }: ImportCommand,
  { taken, leftOut, cutOffs }: Found,
  { stdout, stderr }: Streams,
): number {
  const withoutRefused = withoutRefusedText(sources, cutOffs, taken);
  stderr.write([...leftOut.map(leftOutText), ...cutOffs.map(cutOffText), withoutRefused].join(""));
  if (taken.length === 0) {
    stderr.write(
      "There is nothing to take over: no live object was found that Pulumi could manage. No file was written\n",
    );
    return 1;
  }
  const texts = { "deployments.ts": programText(taken), "import.json": importFileText(taken) };
  if (out === undefined) {
    stdout.write(printed(texts));
    const withContent = taken.filter(({ written }) => written["source"] !== undefined);
    const more = withContent.length === 0 ? "" : `, and the contents of ${countsText(withContent)}`;
    stderr.write(`Printed ${countsText(taken)}. Add --out FOLDER to have the two files written${more}\n`);
  } else {
    writeFiles(out, texts, force);
    stdout.write(nextSteps(out, taken, workspace));
  }
  return leftOut.length === 0 && cutOffs.length === 0 ? 0 : 1;
}

interface ImportCommand {
  readonly sources: readonly Source[];
  /** The folder for the files; undefined: the command prints them. */
  readonly out: string | undefined;
  readonly force: boolean;
  readonly workspace: string | undefined;
  readonly timeoutMs: number | undefined;
}

const options = {
  ...commonOptions,
  kind: { type: "string", multiple: true },
  out: { type: "string" },
  force: { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[]): Read<ImportCommand> {
  const { values, positionals: ids } = readArguments(args, options);
  if (values.help) {
    return "help";
  }
  const { kind: kindNames, out, force, workspace } = values;
  const timeoutMs = timeoutOf(values.timeout);
  const selection = selectionOf(values, ids);
  if (selection !== undefined) {
    return { sources: sourcesOf(selection, kindNames), out, force, workspace, timeoutMs };
  }
  if (kindNames !== undefined) {
    throw new Misuse("--kind limits --all and --agent; give one of them as well");
  }
  return undefined;
}

const help = `Usage: npx pulumi-qoder import (ID [ID ...] | --all | --agent ID) [--kind KIND] [--out FOLDER]

Takes existing Qoder agents, environments, skills, files, vaults, credentials, memory stores and deployments over into Pulumi.
Reads them and writes two things: the TypeScript program that declares them, and the file for \`pulumi import\` that tells Pulumi
they exist; and the contents of skills and files. Sends GET requests only: nothing is changed at Qoder.

  ID ...            the objects with these ids: agent_..., env_..., skill_..., file_..., dep_..., vault_..., memstore_..., and
                    vault_.../vcred_... for a credential
  --all             every live object that the token sees
  --agent ID        every live deployment of this agent (agent_...); with --kind agent,deployment the agent as well
  --kind KIND       with --all or --agent only these kinds: agent, environment, skill, file, deployment, vault, credential,
                    memory-store; several with commas, or given again. \`--all --kind deployment\` leaves all others to
                    somebody else
  --out FOLDER      write FOLDER/deployments.ts and FOLDER/import.json, for their owner alone as they hold environment
                    variables, and the contents of skills and files below FOLDER/skills and FOLDER/files; without it both
                    texts are printed
  --force           replace these two files if they exist
  --workspace ID    the workspace to read in; left out: the token's default
  --timeout SECONDS the time for the whole command; left out: 5 minutes for each object, and for each page of a list.
                    One request has 60 seconds; a failed one is tried again a few times
  -h, --help        this text

The token is read from QODER_ACCESS_TOKEN or QODER_PAT, or got for the service account key in QODER_SA_KEY; the base URL from
QODER_BASE_URL or QODER_MANAGED_BASE_URL, or else it is https://api.qoder.com/api/v1/cloud.

How the program declares the objects:
  - Values that equal the service's defaults are left out. All metadata keys, and a pause by hand, belong to the program from then on.
  - Objects that are taken over together refer to each other: \`environmentId: cloud.id\`. A deployment that runs the newest version
    of its agent has \`agent: reporter\`, and moves with the agent in one \`pulumi up\` from then on; so does a team
    (\`multiagent\`) with its members. Every other one stays at its version: \`agent: { id: reporter.id, version: 3 }\`. Of agents
    that name each other in a circle, one is named by its id.
  - An agent that is not taken over is pinned to the version that runs now, so what runs stays as it is. Raise \`version\` to
    move on, or take it out to leave the version to others: that changes nothing by itself.
  - The API never gives a secret back. The program has \`config.requireSecret("...")\` for each that a credential needs, and the
    command prints the \`pulumi config set --secret\` lines that set them. The first \`pulumi up\` sends each once.
  - Qoder renews the tokens of a credential of type mcp_oauth by itself, so no program can know them. Such a credential has
    \`ignoreChanges: ["auth"]\` and a text in place of each token, which is never sent.
  - The files of the newest version of a skill become the folder skills/NAME, a file becomes files/NAME, and the program has
    their \`source\`. A folder or file that is there is used where it holds the same, and otherwise left as it is: the next one
    is skills/NAME-2. Skills of Qoder's catalogue stay in the agents that name them.
  - A package with a path that leaves its folder, with a link, or that unpacks to more than 50 MB is left out and named; so is a
    file that is not text, or whose content the service does not give back. Objects that refer to it keep its id.
  - Where a repository may need a token, and where an environment does not show its network, the program has a comment.
  - A list that the service refuses, because the token has no right or the API no such list, is named, and the other lists are
    still read. Objects that refer to unread ones keep their ids.
  - Archived objects, and those with something this version of pulumi-qoder does not know, are left out and named.

Exit status: 0 everything was taken over, 1 something was not or the command failed, 2 the command line is wrong.
`;
