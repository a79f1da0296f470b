import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../provider/command/import/main";
import { type QoderApi, startQoderApi } from "../../qoder-api";

export const token = "pt-import-3b9e";

export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An account, a folder, and the command that reads the one and writes into the other. */
export class ImportWorld {
  private constructor(
    readonly api: QoderApi,
    readonly folder: string,
    private readonly agent: string,
    private readonly environmentId: string,
  ) {}

  static async start(): Promise<ImportWorld> {
    const api = await startQoderApi({
      tokens: { [token]: "mine", "pt-other": "other" },
      switches: { duplicateNames: "allow" },
    });
    const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-import-"));
    return new ImportWorld(api, folder, api.agents.create().id, api.environments.create().id);
  }

  async stop(): Promise<void> {
    await this.api.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Adds a deployment to the account; gives its id. */
  create(name: string, more: Readonly<Record<string, unknown>> = {}): string {
    const initialEvents = [{ type: "user.message", content: "hello" }];
    const references = { agent: this.agent, environment_id: this.environmentId };
    return this.api.deployments.create({ name, ...references, initial_events: initialEvents, ...more }).id;
  }

  command(...args: string[]): Promise<Ended> {
    return this.commandWith({ QODER_PAT: token, QODER_BASE_URL: this.api.url }, ...args);
  }

  async commandWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
    const said = { stdout: "", stderr: "" };
    const sink = (name: "stdout" | "stderr") => ({
      write: (text: string) => {
        said[name] += text;
      },
    });
    const status = await run(args, environment, { stdout: sink("stdout"), stderr: sink("stderr") });
    return { status, ...said };
  }

  /** A folder that does not exist before something is written into it. */
  get out(): string {
    return join(this.folder, "infra");
  }

  program(): string {
    return readFileSync(join(this.out, "deployments.ts"), "utf8");
  }

  importedIds(): string[] {
    const { resources } = JSON.parse(readFileSync(join(this.out, "import.json"), "utf8"));
    return resources.map(({ id }: { id: string }) => id);
  }
}
