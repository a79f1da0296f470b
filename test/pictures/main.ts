import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { startQoderApi } from "../qoder-api";
import { projectIn } from "../support/daily-report-project";
import { pulumiCli, pulumiEnvironment } from "../support/pulumi-cli";
import { terminalSvg } from "./svg";

const folder = resolve(__dirname, "..", "..", "docs", "pictures");
const token = "pt-pictures";

interface Picture {
  readonly file: string;
  readonly title: string;
  readonly config: Readonly<Record<string, string>>;
}

/** Each is the preview of a change to the program of examples/daily-report, which was applied before. */
const pictures: readonly Picture[] = [
  {
    file: "change.svg",
    title: "The preview of another name, another schedule and another prompt",
    config: {
      name: "daily-report-v2",
      expression: "30 9 * * 1-5",
      system: "You write short status reports, in English.",
    },
  },
  {
    file: "warnings.svg",
    title: "The preview of a schedule that daylight saving skips, with both fields of days",
    config: { expression: "30 2 1 * 0", timezone: "Europe/Berlin" },
  },
];

/** On both channels, as a terminal shows it: with `--diff` the CLI writes remarks to the second. */
async function shownBy(command: string, args: readonly string[], options: { cwd: string; env: NodeJS.ProcessEnv }) {
  const child = spawn(command, args, options);
  let shown = "";
  for (const channel of [child.stdout, child.stderr]) {
    channel.setEncoding("utf8").on("data", (text: string) => {
      shown += text;
    });
  }
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new Error(`pulumi ${args.join(" ")} ended with ${code}\n${shown}`);
  }
  return shown;
}

async function main(): Promise<void> {
  const cli = await pulumiCli((line) => process.stdout.write(`${line}\n`));
  const api = await startQoderApi({ tokens: { [token]: "pictures" } });
  const home = mkdtempSync(join(tmpdir(), "pulumi-qoder-pictures-"));
  try {
    const project = projectIn(home);
    const env = {
      ...pulumiEnvironment(cli, home),
      PULUMI_STACK: "dev",
      QODER_PAT: token,
      QODER_BASE_URL: api.url,
    };
    const pulumi = (...args: string[]) => shownBy(cli.executable, args, { cwd: project, env });
    await pulumi("stack", "init", "dev", "--non-interactive");
    await pulumi("up", "--yes", "--skip-preview");
    mkdirSync(folder, { recursive: true });
    for (const { file, title, config } of pictures) {
      for (const [name, value] of Object.entries(config)) {
        await pulumi("config", "set", name, value);
      }
      const shown = await pulumi("preview", "--diff", "--color", "always", "--non-interactive");
      writeFileSync(join(folder, file), terminalSvg(title, `$ pulumi preview --diff\n${shown}`));
      for (const name of Object.keys(config)) {
        await pulumi("config", "rm", name);
      }
    }
  } finally {
    rmSync(home, { recursive: true, force: true });
    await api.close();
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
