import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type QoderApi, startQoderApi } from "../../test/qoder-api";
import { type Ending, endLike, runForeground } from "../foreground.cjs";
import { fasterStart, type PulumiCli, pulumiCli, pulumiEnvironment } from "../pulumi-cli";

const token = "pt-demo";

interface Step {
  readonly title: string;
  /** The commands run in this terminal, as a person would type them. */
  readonly commands: readonly (readonly string[])[];
}

const steps: readonly Step[] = [
  { title: "What would `pulumi up` create? The preview sends no request.", commands: [["preview", "--diff"]] },
  {
    title: "Create all four: the skill is uploaded, and the agent gets its version.",
    commands: [["up", "--yes", "--skip-preview"]],
  },
  {
    title: "Give the deployment another name and schedule. The preview shows only these two changes.",
    commands: [
      ["config", "set", "name", "daily-report-v2"],
      ["config", "set", "expression", "30 9 * * 1-5"],
      ["preview", "--diff"],
    ],
  },
  { title: "Apply: the request has only the changes.", commands: [["up", "--yes", "--skip-preview"]] },
  {
    title:
      "Change the prompt of the agent. The agent gets a new version, and the deployment moves to it in the same `pulumi up`.",
    commands: [
      ["config", "set", "system", "You write short status reports, in English."],
      ["up", "--yes", "--diff"],
    ],
  },
  { title: "Refresh: record the current outputs of the service.", commands: [["refresh", "--yes", "--skip-preview"]] },
  {
    title: "Preview again: no change is left, and no request is sent.",
    commands: [["preview", "--expect-no-changes"]],
  },
  {
    title: "Destroy: archive all and delete the skill, each object after those that need it.",
    commands: [["destroy", "--yes", "--skip-preview"]],
  },
];

class Demo {
  readonly #folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-demo-"));
  readonly #project = projectIn(this.#folder);
  readonly #environment: Readonly<Record<string, string>>;

  constructor(
    private readonly api: QoderApi,
    private readonly cli: PulumiCli,
  ) {
    this.#environment = {
      ...pulumiEnvironment(cli, this.#folder),
      NODE_OPTIONS: fasterStart,
      PULUMI_STACK: "demo",
      QODER_PAT: token,
      QODER_BASE_URL: api.url,
    };
  }

  /** Stops at the first command that fails, and returns the ending of that command. */
  async run(): Promise<Ending> {
    const started = await this.#pulumi(["stack", "init", "demo", "--non-interactive"], "ignore");
    if (started.code !== 0) {
      return started;
    }
    for (const [index, step] of steps.entries()) {
      say(`\n── ${index + 1}/${steps.length} ── ${step.title}`);
      for (const command of step.commands) {
        say(`$ pulumi ${command.map(quoted).join(" ")}`);
        const ending = await this.#pulumi(command, "inherit");
        if (ending.code !== 0) {
          return ending;
        }
      }
      this.#tellRequests();
    }
    const [archived] = this.api.deployments.all();
    say(`\nThe deployment is archived as ${archived?.name}. Its name is free again, and no live object is left.`);
    return { code: 0, signal: null };
  }

  clean(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #pulumi(command: readonly string[], stdio: "inherit" | "ignore"): Promise<Ending> {
    return runForeground(this.cli.executable, command, { cwd: this.#project, env: this.#environment, stdio });
  }

  #tellRequests(): void {
    const sent = this.api.requests.map(({ method, path, body }) =>
      body === undefined ? `${method} ${path}` : `${method} ${path} ${JSON.stringify(body)}`,
    );
    this.api.clearRequests();
    say(sent.length === 0 ? "→ no request" : sent.map((line) => `→ ${line}`).join("\n"));
  }
}

function quoted(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `"${word}"`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const repository = resolve(__dirname, "..", "..");

/**
 * Copies the repository's own project into the folder: Pulumi writes the configuration of a stack beside Pulumi.yaml, and tests
 * must leave no files in the repository.
 */
function projectIn(folder: string): string {
  const project = join(folder, "project");
  mkdirSync(project);
  const main = /^main: (.+)$/m;
  const text = readFileSync(join(repository, "Pulumi.yaml"), "utf8");
  const absolute = text.replace(main, (_, file: string) => `main: ${JSON.stringify(join(repository, file))}`);
  writeFileSync(join(project, "Pulumi.yaml"), absolute);
  return project;
}

async function main(): Promise<Ending> {
  const api = await startQoderApi({ tokens: { [token]: "demo" } });
  const demo = new Demo(api, await pulumiCli(say));
  say(`A mock of the Qoder API listens at ${api.url}; the Pulumi CLI and engine are real.`);
  try {
    return await demo.run();
  } finally {
    demo.clean();
    await api.close();
  }
}

// Ctrl-C reaches the running command; after it has ended, the demo cleans up and ends.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => {});
}

main().then(
  (ending) => {
    process.removeAllListeners();
    endLike(ending);
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
