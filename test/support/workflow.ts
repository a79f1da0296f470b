import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

interface Step {
  readonly run: string;
  readonly condition: string | undefined;
}

/** The shell steps of a job in a workflow with the layout of the examples. */
export function stepsOf(workflow: string, job: string): Step[] {
  const [, text = ""] = new RegExp(`^  ${job}:\n((?: {4}.*\n|\n)*)`, "m").exec(workflow) ?? [];
  const steps = [...text.matchAll(/^ {6}- run: (.*)\n(?: {8}if: (.*)\n)?/gm)];
  if (steps.length !== text.match(/\brun:/g)?.length) {
    throw new Error(`the job ${job} has steps that are laid out in another way`);
  }
  return steps.map(([, run = "", condition]) => ({ run, condition }));
}

/** True if GitHub runs the step for this event. `hasFailed`: an earlier step has failed. */
export function isDue({ condition }: Step, event: string, hasFailed: boolean): boolean {
  switch (condition) {
    case undefined:
      return !hasFailed;
    case "failure()":
      return hasFailed;
    case "success() || failure()":
      return true;
    default: {
      const [, wanted] = /^github\.event_name == '(\w+)'$/.exec(condition) ?? [];
      if (wanted === undefined) {
        throw new Error(`nobody has told the tests what \`if: ${condition}\` means`);
      }
      return wanted === event && !hasFailed;
    }
  }
}

/** Stands in place of `gh`: keeps its arguments and texts in files, and answers as GitHub does if the examples ask. */
const gh = `#!/usr/bin/env bash
set -euo pipefail
cd "$(dirname "$0")"
printf '%s\\n' "$*" >>calls
keep() { cp "$OLDPWD/$2" "$1.md"; echo 7 >"$1.id"; }
case "$*" in
  "api --paginate "*) if [ -f comment.id ]; then cat comment.id; fi ;;
  "pr comment "*) keep comment "$5" ;;
  "api --silent --method PATCH "*) keep comment "\${7#body=@}" ;;
  "issue list "*) if [ -f issue.id ]; then cat issue.id; fi ;;
  "issue create "*) keep issue "$6" ;;
  "issue comment "*) keep issue "$5" ;;
  "api repos/acme/reports/commits/c0ffee/pulls "*) echo decade ;;
  "run list "*"--commit decade "*) echo 99 ;;
  "run download 99 --name plan --dir .") cp plan.json "$OLDPWD" ;;
  *) exit 64 ;;
esac
`;

/** A folder for the PATH with the `gh` above, and with an `npm ci` that does nothing. */
export class GitHubTools {
  readonly folder: string;

  constructor(parent: string) {
    this.folder = join(parent, "github");
    mkdirSync(this.folder);
    this.#write("gh", gh);
    this.#write("npm", '#!/bin/sh\n[ "$*" = ci ]\n');
  }

  /** The last text that `gh` got for an issue or comment. */
  told(what: "comment" | "issue"): string {
    return readFileSync(join(this.folder, `${what}.md`), "utf8");
  }

  /** The calls of `gh` since the last time that change something, without the contents of files. */
  calls(): string[] {
    const lines = readFileSync(join(this.folder, "calls"), "utf8").split("\n");
    writeFileSync(join(this.folder, "calls"), "");
    return lines.filter((line) => /^(pr|issue (create|comment)|api --silent)/.test(line));
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
    chmodSync(join(this.folder, name), 0o755);
  }
}
