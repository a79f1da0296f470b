import { spawn } from "node:child_process";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { EngineWorld, token } from "../support/engine-world";
import { Example } from "../support/example";
import { ended } from "../support/output-of";

interface Step {
  readonly run: string;
  readonly condition: string | undefined;
}

/** The shell steps of a job in a workflow with the layout of the examples. */
function stepsOf(workflow: string, job: string): Step[] {
  const [, text = ""] = new RegExp(`^  ${job}:\n((?: {4}.*\n|\n)*)`, "m").exec(workflow) ?? [];
  const steps = [...text.matchAll(/^ {6}- run: (.*)\n(?: {8}if: (.*)\n)?/gm)];
  if (steps.length !== text.match(/\brun:/g)?.length) {
    throw new Error(`the job ${job} has steps that are laid out in another way`);
  }
  return steps.map(([, run = "", condition]) => ({ run, condition }));
}

/** True if GitHub runs the step for this event. `hasFailed`: an earlier step has failed. `folder`: the folder of the job. */
function isDue({ condition }: Step, event: string, hasFailed: boolean, folder: string): boolean {
  switch (condition) {
    case undefined:
      return !hasFailed;
    case "failure()":
      return hasFailed;
    case "success() || failure()":
      return true;
    case "failure() && hashFiles('morning.md') == ''":
      return hasFailed && !existsSync(join(folder, "morning.md"));
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
class GitHubTools {
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

const repositoryToken = "ghp_pipeline77";

const world = EngineWorld.ofTests();
let example: Example;
let github: GitHubTools;
beforeEach(async () => {
  example = new Example(world, "pipeline");
  github = new GitHubTools(world.folder);
  // The file that `npm install` creates.
  const binaries = join(example.folder, "node_modules", ".bin");
  mkdirSync(binaries, { recursive: true });
  const command = join(world.folder, "node_modules", "pulumi-qoder", "dist", "command", "main.js");
  writeFileSync(join(binaries, "pulumi-qoder"), `#!/bin/sh\nexec node '${command}' "$@"\n`);
  chmodSync(join(binaries, "pulumi-qoder"), 0o755);
  await example.run(`pulumi stack init dev\npulumi config set --secret repositoryToken ${repositoryToken}`);
});

/** The environment variables of the steps at GitHub, and the name of the stack. */
const given = {
  PULUMI_STACK: "dev",
  NUMBER: "12",
  GITHUB_SHA: "c0ffee",
  GITHUB_REPOSITORY: "acme/reports",
  GITHUB_SERVER_URL: "https://github.example",
  GITHUB_RUN_ID: "5",
};

/** Runs the shell steps of a job in order, and returns the first failed step and the output. */
async function runJob(workflow: string, job: string, event = "schedule") {
  const text = readFileSync(join(example.folder, ".github", "workflows", `${workflow}.yaml`), "utf8");
  let failed: string | undefined;
  let output = "";
  for (const step of stepsOf(text, job)) {
    if (!isDue(step, event, failed !== undefined, example.folder)) {
      continue;
    }
    const { exit, output: said } = await shell(step.run);
    output += said;
    if (exit !== 0) {
      failed ??= `${step.run.split(" ")[0]} ended with ${exit}`;
    }
  }
  expect(output).not.toMatch(secrets);
  return { failed, output };
}
const secrets = new RegExp(`${repositoryToken}|${token}`);

function shell(command: string) {
  const PATH = [github.folder, world.environment["PATH"]].join(delimiter);
  const env = { ...world.environment, ...given, PATH };
  return ended(spawn("bash", ["-c", command], { cwd: example.folder, env, stdio: ["ignore", "pipe", "pipe"] }));
}

const writes = () => example.sent().filter((line) => !line.startsWith("GET"));
const report = (file: string) => readFileSync(join(example.folder, file), "utf8");
const savePlan = () => copyFileSync(join(example.folder, "plan.json"), join(github.folder, "plan.json"));

test("a pull request gets one comment with its preview, and a push to main runs only the plan of that preview", async () => {
  expect(await runJob("preview", "preview", "pull_request")).toMatchObject({ failed: undefined });
  savePlan();
  expect(example.sent().map((line) => line.split(" ", 2).join(" "))).toEqual(
    expect.arrayContaining(["GET /agents", "GET /deployments", "GET /environments"]),
  );
  expect(github.calls()).toEqual(["pr comment 12 --body-file preview.comment.md"]);
  const comment = github.told("comment");
  expect(comment).toMatch(/^<!-- preview of dev -->\n### The preview of this change\n\n<pre>\n/);
  expect(comment).toMatch(/ resources +: \[secret\]\n/);
  expect(comment).toMatch(/ \+ 4 to create\n[\s\S]*<\/pre>\n$/);
  expect(comment + readFileSync(join(github.folder, "plan.json"), "utf8")).not.toMatch(secrets);

  expect(await runJob("up", "up", "push")).toMatchObject({ failed: undefined });
  expect(writes()).toEqual([
    "POST /agents reviewer-dev",
    "POST /deployments nightly-review-dev",
    "POST /environments cloud-dev",
  ]);

  example.edit("index.ts", "since yesterday", "since <b>Monday</b></pre>");
  await runJob("preview", "preview", "pull_request");
  savePlan();
  expect(github.calls()).toEqual([
    "api --silent --method PATCH repos/acme/reports/issues/comments/7 --field body=@preview.comment.md",
  ]);
  expect(github.told("comment")).toContain("since &lt;b&gt;Monday&lt;/b&gt;&lt;/pre&gt;");
  example.edit("index.ts", "You review", "You praise");
  const refused = await runJob("up", "up", "push");
  expect(refused.failed).toBe("ci/up.sh ended with 1");
  expect(refused.output).toContain("::reviewer violates plan: properties changed: =~system");
  expect(writes()).toEqual([]);

  expect(await runJob("up", "up", "workflow_dispatch")).toMatchObject({ failed: undefined });
  expect(writes()).toEqual(["POST /agents/ID", "POST /deployments/ID"]);

  example.edit("index.ts", "0 3 * * *", "75 3 * * *");
  expect(await runJob("preview", "preview", "pull_request")).toMatchObject({ failed: "ci/preview.sh ended with 1" });
  expect(github.told("comment")).toMatch(/### The preview of this change failed[\s\S]*minute 75 is out of range 0-59/);
  // Without a plan the script must not start the CLI, which could leave a language host running.
  await expect(shell("ci/up.sh plan.json")).resolves.toMatchObject({
    exit: 1,
    output: "There is no plan plan.json: ci/preview.sh saves one if its preview succeeds\n",
  });
});

test("the nightly job opens an issue for an edit by hand and for a failed run, and none for a run of the schedule", async () => {
  await example.run("pulumi up");
  const { id } = world.api.deployments.live()[0] ?? { id: "" };
  world.api.sessions.end(world.api.deployments.runBySchedule(id).session_id ?? "");
  example.sent();
  expect(await runJob("nightly", "drift")).toMatchObject({ failed: undefined });
  // The run moves `lastRunAt`, `upcomingRunsAt` and more of the deployment, which are nobody's to decide.
  expect(report("drift.md")).toMatch(/^### Qoder holds what the program says\n/);
  expect(await runJob("nightly", "morning")).toMatchObject({
    failed: undefined,
    output: expect.stringMatching(/1 of 1 healthy[\s\S]*: 1 run, 1 done/),
  });
  expect(report("morning.md")).toMatch(/^### No deployment has a known problem\n/);

  world.api.deployments.edit(id, { description: "Edited by hand" });
  expect(await runJob("nightly", "drift")).toMatchObject({ failed: "ci/drift.sh ended with 2" });
  expect(github.calls()).toEqual(["issue create --title Drift at Qoder --body-file drift.md"]);
  const difference = 'description: "Edited by hand" =&gt; "Reviews what was merged in the last day"';
  expect(github.told("issue").split("\nThe log")[0]).toBe(
    `### Qoder and the program differ\n\n<pre>\nnightly-review (Deployment): pulumi up --refresh would update it\n  ${difference}\n</pre>\n`,
  );
  expect(github.told("issue")).toMatch(/\nThe log: https:\/\/github\.example\/acme\/reports\/actions\/runs\/5\n$/);
  world.api.deployments.edit(id, { description: "Reviews what was merged in the last day" });
  world.api.deployments.pause(id);
  await runJob("nightly", "drift");
  expect(github.calls()).toEqual(["issue comment 7 --body-file drift.md"]);
  expect(report("drift.md")).toMatch(
    /<pre>\nQoderDeployment "nightly-review"[^<]*: this deployment was paused by hand[^<]*\n<\/pre>\n/,
  );
  world.api.deployments.unpause(id);

  const error = { type: "mcp_connection_failed_error", message: "No answer ##[group]x\n  ::add-mask::deployment" };
  world.api.sessions.end(world.api.deployments.runBySchedule(id).session_id ?? "", { error });
  const morning = await runJob("nightly", "morning");
  expect(morning.failed).toBe("ci/morning.sh ended with 1");
  // What a service, an agent or a colleague wrote is no command of the runner.
  expect(morning.output).toContain("No answer # #[group]x");
  expect(morning.output).not.toMatch(/##\[|^\s*::/m);
  expect(github.told("issue")).toMatch(/^### A deployment is not healthy\n/);
  expect(github.told("issue")).toContain("The last run failed: mcp_connection_failed_error");
  expect(github.told("issue")).not.toMatch(secrets);
  expect(writes()).toEqual([]);

  await world.api.close();
  expect(await runJob("nightly", "drift")).toMatchObject({ failed: "ci/drift.sh ended with 1" });
  expect(github.told("issue")).toMatch(/^### The check for drift failed\n[\s\S]*got no answer/);
  expect(await runJob("nightly", "morning")).toMatchObject({ failed: "ci/morning.sh ended with 2" });
  expect(github.told("issue")).toMatch(/^### The status of the deployments could not be read\n/);
});
