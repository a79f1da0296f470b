import { parseArgs } from "node:util";
import { eachOf } from "../at-once";
import { commonOptions, Misuse, runCommand, timeoutOf } from "../command-line";
import { withAccounts } from "../pause/account";
import { Receipt, readReceipt } from "../pause/receipt";
import { changeStatus } from "../pause/status-change";
import { refuseUnasked } from "../question";
import { type Scopes, scopesOf } from "../scope";
import { processSurroundings, type WriteSurroundings } from "../surroundings";
import { type Environment, goOnAgain, type Streams } from "../terminal";
import { help } from "./help";
import { type Decision, decided } from "./plan";
import { planText, problemText, questionText } from "./words";

/** The exit statuses. */
const ended = { asAsked: 0, notAsAsked: 1 } as const;

/** Runs the command `pulumi-qoder resume` and returns its exit status. */
export async function runResume(
  args: readonly string[],
  environment: Environment,
  streams: Streams,
  surroundings: WriteSurroundings = processSurroundings(),
): Promise<number> {
  return runCommand({ name: "resume", help, failed: ended.notAsAsked, again: goOnAgain }, streams, () => {
    const command = commandIn(args, surroundings);
    return command === undefined || command === "help"
      ? command
      : async () => {
          const receipt = new Receipt(command.file, readReceipt(command.file), surroundings.save);
          return resume(command, receipt, await scopesFor(command, receipt, environment), streams, surroundings);
        };
  });
}

/** The deployments that the pause command may have paused, without those that were paused before it or by others. */
function entriesOf({ content }: Receipt) {
  const ours = ["pausing", "paused", "resuming", "resumed"];
  return content.deployments.filter(({ state }) => ours.includes(state));
}

/** The accounts. Tokens are read again, because a receipt contains none and those of a stack may have changed. */
function scopesFor({ timeoutMs }: ResumeCommand, receipt: Receipt, environment: Environment): Promise<Scopes> {
  const { stack, deployments } = receipt.content;
  const workspace = deployments[0]?.workspaceId ?? undefined;
  const selection =
    stack === null
      ? ({ by: "ids", ids: entriesOf(receipt).map(({ id }) => id) } as const)
      : ({ by: "stack", name: stack } as const);
  return scopesOf({ selection, workspace, timeoutMs }, environment);
}

async function resume(
  { yes, dryRun }: ResumeCommand,
  receipt: Receipt,
  { scopes, timeoutMs }: Scopes,
  { stdout, stderr }: Streams,
  { clock, ask }: WriteSurroundings,
): Promise<number> {
  return withAccounts(scopes, timeoutMs, clock, async (accounts) => {
    const decisions = await decided(entriesOf(receipt), accounts);
    const starts = decisions.filter((decision) => "start" in decision);
    stdout.write(planText(decisions, receipt.content));
    const problems = decisions.flatMap((decision) => ("problem" in decision ? problemText(decision) : []));
    if (starts.length > 0 && !dryRun) {
      if (!yes && !(await ask?.(questionText(starts.length)))) {
        stderr.write("Nothing was changed.\n");
        return ended.notAsAsked;
      }
      receipt.end("resumedAt", clock.now());
      problems.push(...(await started(starts, receipt)));
      stdout.write(`${starts.length - problems.length} started\n`);
    }
    stderr.write(problems.join(""));
    return problems.length === 0 ? ended.asAsked : ended.notAsAsked;
  });
}

/** Starts the deployments and returns the failed ones. */
async function started(
  starts: readonly Extract<Decision, { readonly start: unknown }>[],
  receipt: Receipt,
): Promise<string[]> {
  const problems: string[] = [];
  await eachOf(starts, async ({ entry, start }) => {
    receipt.setDeployment({ ...entry, state: "resuming" });
    const changed = await changeStatus(start.client.forObject(), entry.id, "unpause", true);
    if ("problem" in changed) {
      problems.push(problemText({ entry, problem: changed.problem }));
    } else {
      receipt.setDeployment({ ...entry, state: "resumed" });
    }
  });
  return problems;
}

interface ResumeCommand {
  readonly file: string;
  readonly dryRun: boolean;
  readonly yes: boolean;
  readonly timeoutMs: number | undefined;
}

const { timeout, help: helpOption } = commonOptions;
const options = {
  timeout,
  help: helpOption,
  "dry-run": { type: "boolean", default: false },
  yes: { type: "boolean", default: false },
} as const;

function commandIn(args: readonly string[], { ask }: WriteSurroundings): ResumeCommand | "help" | undefined {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
  const [file, ...others] = positionals;
  if (values.help) {
    return "help";
  }
  if (file === undefined) {
    return undefined;
  }
  if (others.length > 0) {
    throw new Misuse("give one receipt, not several");
  }
  const { "dry-run": dryRun = false, yes = false } = values;
  refuseUnasked(ask, { yes, dryRun });
  return { file, dryRun, yes, timeoutMs: timeoutOf(values.timeout) };
}
