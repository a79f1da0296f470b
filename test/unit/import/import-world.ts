import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../command/main";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";
import { skipWaits } from "../system-clock";

export const token = "pt-import-3b9e";

export type Noun = "deployment" | "agent" | "environment";

/** An account, a folder, and the import command, which reads the account, writes into the folder and skips its waits. */
class ImportWorld extends CommandWorld {
  #references: { readonly agent: string; readonly environment_id: string } | undefined;
  folder = "";

  async start(): Promise<void> {
    skipWaits(this.clock);
    await this.startApi({ tokens: { [token]: "mine" }, switches: { duplicateNames: "allow" } });
    this.#references = undefined;
    this.folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-import-"));
    // The folder of this repository is a Pulumi project.
    jest.spyOn(process, "cwd").mockReturnValue(this.out);
  }

  async stop(): Promise<void> {
    jest.restoreAllMocks();
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

  /** Creates an environment `cloud`, an agent `reporter` and a deployment `daily`. */
  createOne(): Record<Noun, string> {
    const deployment = this.create("daily");
    const { agent, environment_id: environment } = this.references;
    return { environment, agent, deployment };
  }

  get environment() {
    return { QODER_PAT: token, QODER_BASE_URL: this.api.url };
  }

  /** Imports into the folder for the written files. */
  into(...args: string[]): Promise<Ended> {
    return this.printed(...args, "--out", this.out);
  }

  /** Imports without a folder, so that the command prints both texts. */
  printed(...args: string[]): Promise<Ended> {
    return this.printedWith(this.environment, ...args);
  }

  printedWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
    return ended((streams) => run(["import", ...args], environment, streams));
  }

  /** Method and path of every request. */
  get requests(): string[] {
    return this.api.requests.map(({ method, path }) => `${method} ${path}`);
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

export function useImportWorld(): ImportWorld {
  const world = new ImportWorld();
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
}
