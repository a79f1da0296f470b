import { withLock } from "../lock.cjs";
import type { PulumiCli } from "./installation";

export interface Attempt {
  readonly title: string;
  /** The line to print before a long attempt; absent for a short one. */
  readonly announcement?: string;
  readonly run: () => Promise<PulumiCli>;
}

export interface Plan {
  /** The attempts that change nothing on this machine. */
  readonly ready: readonly Attempt[];
  /** The attempts that fill the cache, in one process at a time. */
  readonly installers: readonly Attempt[];
  readonly lockFile: string;
  /** The remedies if no attempt works. */
  readonly advice: readonly string[];
}

/** The first CLI that works. Throws an error with all attempts and remedies if none works. */
export async function locate(plan: Plan, progress: (line: string) => void): Promise<PulumiCli> {
  const reasons = new Map<string, string>();
  const found = (await firstThatWorks(plan.ready, reasons, progress)) ?? (await install(plan, reasons, progress));
  if (found) return found;
  throw new Error(
    [
      "There is no Pulumi CLI for the tests. Tried, in this order:",
      ...[...reasons].map(([title, reason], index) => `  ${index + 1}. ${title}: ${indent(reason)}`),
      "One of these will do:",
      ...plan.advice.map((line) => `  - ${line}`),
    ].join("\n"),
  );
}

async function install(plan: Plan, reasons: Map<string, string>, progress: (line: string) => void) {
  const waiting = () => progress("Another process is getting the Pulumi CLI: waiting for it");
  try {
    return await withLock(plan.lockFile, () => firstThatWorks(plan.installers, reasons, progress), { waiting });
  } catch (error) {
    reasons.set("a cache folder to install into (XDG_CACHE_HOME chooses another)", reasonOf(error));
    return undefined;
  }
}

async function firstThatWorks(
  attempts: readonly Attempt[],
  reasons: Map<string, string>,
  progress: (line: string) => void,
): Promise<PulumiCli | undefined> {
  for (const attempt of attempts) {
    if (attempt.announcement) progress(attempt.announcement);
    try {
      return await attempt.run();
    } catch (error) {
      reasons.set(attempt.title, reasonOf(error));
      if (attempt.announcement) progress(`That did not work: ${reasonOf(error)}`);
    }
  }
  return undefined;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function indent(text: string): string {
  return text.replaceAll("\n", "\n     ");
}
