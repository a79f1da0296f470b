import { type ExecFileException, execFile } from "node:child_process";
import { exactDurationText } from "../provider/api/clock";
import { QoderError } from "../provider/api/errors";
import { patience } from "../provider/api/patience";
import { redacted } from "../provider/api/redacted";
import { excerpt } from "../provider/api/terminal-text";
import type { Streams } from "./printer";
import type { Environment } from "./terminal";
import type { CommandTime } from "./time";
import { moreTime, systemReason } from "./words";

const longestSaid = 400;

/** Runs the Pulumi CLI in the present folder, without a shell and without questions, and returns its output. */
export async function pulumiOutput(
  args: readonly string[],
  environment: Environment,
  time: CommandTime,
  streams: Pick<Streams, "secrets">,
): Promise<string> {
  const { stdout, failure } = await pulumiResult(args, environment, time, streams);
  if (failure !== undefined) {
    throw failure;
  }
  return stdout;
}

interface PulumiResult {
  readonly stdout: string;
  /** Undefined if the CLI ended with the status 0. */
  readonly failure?: QoderError;
}

/** As `pulumiOutput`, with the output of a CLI that fails. `mostMs`: the time without `--timeout`, in milliseconds. */
export function pulumiResult(
  args: readonly string[],
  environment: Environment,
  { clock, limit }: CommandTime,
  { secrets }: Pick<Streams, "secrets">,
  mostMs = patience.callMs,
): Promise<PulumiResult> {
  const signal = clock.abortAfter(limit === undefined ? mostMs : limit.deadline - clock.now());
  const all = [...args, "--non-interactive", "--color=never"];
  return new Promise((resolve) => {
    const options = {
      // A notice about a newer version would appear among the errors.
      env: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "true" },
      maxBuffer: Number.POSITIVE_INFINITY,
      windowsHide: true,
    };
    const child = execFile("pulumi", all, options, (error, stdout, stderr) => {
      // At the limit the output is cut, also that of a CLI which has just ended with the status 0.
      if (signal?.aborted === true) {
        resolve({ stdout, failure: new QoderError(tooSlow(args, limit?.wholeMs), { cause: error ?? undefined }) });
      } else if (error === null) {
        resolve({ stdout });
      } else {
        resolve({ stdout, failure: new QoderError(failure(args, error, stderr, secrets), { cause: error }) });
      }
    });
    // Not the option `signal`, which sends SIGTERM and waits for a child that ignores it. The CLI only reads, so nothing is lost.
    signal?.addEventListener("abort", () => {
      child.kill("SIGKILL");
      // A process that a wrapper of the CLI has started may hold the streams open.
      child.stdout?.destroy();
      child.stderr?.destroy();
    });
  });
}

function shown(args: readonly string[]): string {
  return `\`pulumi ${args.join(" ")}\``;
}

function tooSlow(args: readonly string[], wholeMs: number | undefined): string {
  const limit =
    wholeMs === undefined
      ? exactDurationText(patience.callMs)
      : `the time limit of ${wholeMs / 1_000} s for the whole command`;
  return `${shown(args)} did not end within ${limit}. ${moreTime}`;
}

function failure(args: readonly string[], error: ExecFileException, stderr: string, secrets: Iterable<string>): string {
  const command = shown(args);
  if (error.code === "ENOENT") {
    const [needs, instead] =
      args[0] === "preview" ? ["this command needs", ""] : ["--stack needs", ", or select by ids, --all or --agent"];
    return `there is no Pulumi CLI on the PATH, and ${needs} ${command}. Install it (https://www.pulumi.com/docs/install/)${instead}`;
  }
  // Pulumi hides only the secrets that it knows, and the URL of a back end may contain a user and a password.
  const clean = redacted(errorsIn(stderr), secrets).replace(/:\/\/[^\s/@]+@/g, "://[secret]@");
  const said = excerpt(clean, longestSaid);
  return said === ""
    ? `${command} failed: ${systemReason(error)}. Run ${command} by itself to see why`
    : `${command} failed: ${said.replace(/\.$/, "")}. ${adviceOn(said, command)}`;
}

/** The error without the warnings before it. */
function errorsIn(stderr: string): string {
  const [, errors = stderr] = /(?:^|\n)error: ([\s\S]*)/.exec(stderr) ?? [];
  return errors;
}

function adviceOn(said: string, command: string): string {
  const [, advice = `Run ${command} by itself to see more`] = advices.find(([pattern]) => pattern.test(said)) ?? [];
  return advice;
}

// Patterns for messages of pulumi/pulumi pkg/cmd/pulumi and pkg/secrets/passphrase.
const advices: readonly (readonly [RegExp, string])[] = [
  [
    /passphrase/i,
    "Set PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE, as `pulumi up` of this stack needs it",
  ],
  [/no stack (selected|named)/i, "`pulumi stack ls` lists the stacks; give one with --stack NAME"],
  [/no Pulumi\.yaml/i, "Run this command in the folder of the Pulumi project"],
  [/PULUMI_ACCESS_TOKEN|pulumi login|logged in/i, "Log in to the back end of the stack with `pulumi login`"],
];
