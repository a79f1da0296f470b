import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../provider/command/main";
import { type QoderApi, startQoderApi } from "../../qoder-api";
import { type Ended, ended } from "../ended";

export const token = "pt-import-3b9e";

export type Noun = "deployment" | "agent" | "environment";

/** An account, a folder, and the import command, which reads the account and writes into the folder. */
export class ImportWorld {
  #references: { readonly agent: string; readonly environment_id: string } | undefined;

  private constructor(
    readonly api: QoderApi,
    readonly folder: string,
  ) {}

  static async start(): Promise<ImportWorld> {
    const api = await startQoderApi({
      tokens: { [token]: "mine", "pt-other": "other" },
      switches: { duplicateNames: "allow" },
    });
    const folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-import-"));
    return new ImportWorld(api, folder);
  }

  async stop(): Promise<void> {
    await this.api.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Adds a deployment, or an object of another kind, to the account and returns its id. */
  create(name: string, more: Readonly<Record<string, unknown>> = {}, noun: Noun = "deployment"): string {
    if (noun !== "deployment") {
      return this.api[`${noun}s`].create({ name, ...more }).id;
    }
    const initialEvents = [{ type: "user.message", content: "hello" }];
    return this.api.deployments.create({ name, ...this.references, initial_events: initialEvents, ...more }).id;
  }

  /** The agent and the environment of deployments that do not name others. */
  get references() {
    this.#references ??= {
      agent: this.create("reporter", {}, "agent"),
      environment_id: this.create("cloud", {}, "environment"),
    };
    return this.#references;
  }

  command(...args: string[]): Promise<Ended> {
    return this.commandWith({ QODER_PAT: token, QODER_BASE_URL: this.api.url }, ...args);
  }

  commandWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
    return ended((streams) => run(args, environment, streams));
  }

  /** The folder for the written files; it does not exist at first. */
  get out(): string {
    return join(this.folder, "infra");
  }

  program(): string {
    return readFileSync(join(this.out, "deployments.ts"), "utf8");
  }

  /** The text of both written files. */
  files(): string {
    return `${this.program()}${this.#importFile()}`;
  }

  #importFile(): string {
    return readFileSync(join(this.out, "import.json"), "utf8");
  }

  importedIds(): string[] {
    const { resources } = JSON.parse(this.#importFile());
    return resources.map(({ id }: { id: string }) => id);
  }
}
