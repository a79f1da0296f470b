import { stripVTControlCharacters } from "node:util";
import type { EngineStack } from "../../test/support/engine-stack";
import { type EngineWorld, repository } from "../../test/support/engine-world";
import { edited, firstProgramOf, running } from "./document-program";

/** The outputs of commands, with colours if they become pictures. */
interface Shown {
  /** The pictures by the names of their files in docs/pictures. */
  readonly pictures: Readonly<Record<string, { readonly title: string; readonly shown: string }>>;
  /** The transcripts by file, and by the name in the comments around each. */
  readonly transcripts: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Runs the commands that the documents show, one after the other, on one stack of the README's program. */
export async function shownInDocuments(world: EngineWorld): Promise<Shown> {
  const stage = new Stage(world, await world.stack("dev", {}, repository, "reports"));
  const first = firstProgramOf("README.md");
  const changed = edited(
    first,
    ["0 9 * * *", "30 9 * * 1-5"],
    ["status reports.", "status reports, in English."],
    ["  agent: reporter,", '  name: "daily-report-v2",\n  agent: reporter,'],
  );
  const skipped = edited(first, ["0 9 * * *", "30 2 1 * 0"], ["Asia/Shanghai", "Europe/Berlin"]);
  const runs = nextRunsIn(await stage.previewDiagnostics(first));
  await stage.up(first);
  const pictures = {
    "preview.svg": {
      title: "The preview in its short form: one agent and one deployment change",
      shown: await stage.preview(changed, "always"),
    },
    "change.svg": {
      title: "The preview with both values of each changed field",
      shown: await stage.previewDiff(changed, "always"),
    },
    "warnings.svg": {
      title: "The preview of a schedule that daylight saving skips, with both fields of days",
      shown: await stage.previewDiff(skipped, "always"),
    },
  };
  await stage.config({ "qoder:showRequests": "true" });
  const requestsShown = await stage.previewDiagnostics(changed);
  await stage.config({ "qoder:showRequests": "false" });
  const requests = await stage.requestsOf(changed);
  const mistakes = await stage.previewDiagnostics(mistaken);
  // Last, because both projects are in one folder; the other stack name gives it another configuration.
  const reviews = new Stage(world, await world.stack("prod", {}, repository, "nightly-reviews"));
  const schedules = await reviews.previewDiagnostics(firstProgramOf("docs/schedules.md"));
  return {
    pictures,
    transcripts: {
      "docs/tutorial.md": { runs, requests },
      "docs/preview.md": { mistakes, "requests-shown": linesOf(requestsShown, /POST \/deployments/) },
      "docs/schedules.md": { schedules: nextRunsIn(schedules) },
    },
  };
}

const mistaken = `import { QoderDeployment } from "pulumi-qoder";
new QoderDeployment("daily-report", {
  agent: "agent_019eb4d4a06d747c865d5800b9c57ae2",
  environment_id: "env_019e64e01a137caf953ac2ac7b42ec5c",
  schedule: { expression: "75 9 * * *", timezone: "UTC" },
  initialEvents: "Go",
});`;

class Stage {
  constructor(
    private readonly world: EngineWorld,
    private readonly stack: EngineStack,
  ) {}

  async config(values: Readonly<Record<string, string>>): Promise<void> {
    await this.stack.automation.setAllConfig(
      Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }])),
    );
  }

  async up(program: string): Promise<void> {
    await this.stack.up(running(program));
  }

  /** `pulumi preview --diff` with its output, as in a terminal. */
  async previewDiff(program: string, color: "always" | "never"): Promise<string> {
    const shown = await this.#shown((show) =>
      this.stack.automation.preview({ program: running(program), diff: true, color, onOutput: show, onError: show }),
    );
    return `$ pulumi preview --diff\n${shown}`;
  }

  /** `pulumi preview` with its output, as in a terminal. */
  async preview(program: string, color: "always" | "never"): Promise<string> {
    const shown = await this.#shown((show) =>
      this.stack.automation.preview({ program: running(program), color, onOutput: show, onError: show }),
    );
    // The dots of progress, and the rows of the stack, depend on how long the preview takes.
    const lasting = shown
      .split("\n")
      .filter((line) => !/^@|^ {4}pulumi:pulumi:Stack| running /.test(stripVTControlCharacters(line)));
    return `$ pulumi preview\n${lasting.join("\n")}`;
  }

  async previewDiagnostics(program: string): Promise<string> {
    return diagnosticsIn(
      await this.#shown((show) =>
        this.stack.automation.preview({ program: running(program), color: "never", onOutput: show }),
      ),
    );
  }

  /** The requests of an `up` in the form of the README. */
  async requestsOf(program: string): Promise<string> {
    this.world.api.clearRequests();
    await this.up(program);
    return this.world.api.requests
      .map(({ method, path, body }) => `${method} ${path}\n${JSON.stringify(body)}`)
      .join("\n");
  }

  /** The output of a command, even if it fails. */
  async #shown(command: (show: (text: string) => void) => Promise<unknown>): Promise<string> {
    let shown = "";
    await command((text) => {
      shown += text;
    }).catch(() => {});
    return shown;
  }
}

/** The table of next runs without its indent. */
function nextRunsIn(shown: string): string {
  const [, indent = "", table = ""] = /^( *)(Next runs.*(?:\n +\S.*)+)/m.exec(shown) ?? [];
  return table.replaceAll(`\n${indent}`, "\n");
}

/** The lines that match the pattern, without their indent. */
function linesOf(shown: string, pattern: RegExp): string {
  const lines = shown.split("\n").filter((line) => pattern.test(line));
  return lines.map((line) => line.trim()).join("\n");
}

/** The diagnostics in the output of a command. */
function diagnosticsIn(output: string): string {
  const [, text = ""] = /^(Diagnostics:\n[\s\S]*?)\n*(?:^(?:Outputs|Resources):|$(?![\s\S]))/m.exec(output) ?? [];
  return text;
}
