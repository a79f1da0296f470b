import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../command/main";
import { CommandWorld, ofTests } from "../command-world";
import { type Ended, ended } from "../ended";
import { skipWaits } from "../system-clock";
import { inLine } from "./in-line";

export type Noun = "deployment" | "agent" | "environment";

/** An account, a folder, and the import command, which reads the account, writes into the folder and skips its waits. */
class ImportWorld extends CommandWorld {
  folder = "";
  readonly #names = new Map<string, string>();

  override async start(): Promise<void> {
    skipWaits(this.clock);
    await this.startApi();
    this.#names.clear();
    this.folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-import-"));
    // The folder of this repository is a Pulumi project.
    jest.spyOn(process, "cwd").mockReturnValue(this.out);
  }

  override async stop(): Promise<void> {
    await super.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Adds a deployment without a schedule, or an object of another kind, to the account and returns its id. */
  override create(name: string, more: Readonly<Record<string, unknown>> = {}, noun: Noun = "deployment"): string {
    const id =
      noun === "deployment"
        ? super.create(name, { schedule: undefined, ...more })
        : this.api[`${noun}s`].create({ name, ...more }).id;
    return this.#named(id, name);
  }

  /** Creates a deployment of each name, and returns their ids by the names. */
  createAll<Name extends string>(...names: readonly Name[]): Record<Name, string> {
    const ids = names.map((name) => [name, this.create(name)] as const);
    return Object.fromEntries(ids) as Record<Name, string>;
  }

  /** Creates an environment `cloud`, an agent `reporter` and a deployment `daily`. */
  createOne(): Record<Noun, string> {
    const deployment = this.create("daily");
    const [environment, agent] = [this.#named(this.environmentId, "cloud"), this.#named(this.agent, "reporter")];
    return { environment, agent, deployment };
  }

  vault(name: string): string {
    return this.#named(this.api.vaults.create({ display_name: name }).id, name);
  }

  /** Adds a credential, and returns its id in Pulumi. */
  credential(vault: string, auth: object, name = `credential of ${this.inWords(vault)}`): string {
    return this.#named(`${vault}/${this.api.credentials.create(vault, { auth: { ...auth } }).id}`, name);
  }

  /** Creates an object of each kind but credentials, named after the collections. */
  createEach(): void {
    this.#named(this.environmentId, "environments");
    this.#named(this.agent, "agents");
    this.#named(this.create("deployments"), "deployments");
    this.vault("vaults");
    this.#named(this.api.skills.create({ name: "skills" }).id, "skills");
    this.#named(this.api.files.create({ filename: "files" }).id, "files");
    this.#named(this.api.memoryStores.create({ name: "memory_stores" }).id, "memory_stores");
  }

  #named(id: string, name: string): string {
    this.#names.set(id, name);
    return id;
  }

  /** The text with the names of objects in place of their ids. */
  inWords(text: string): string {
    const longestFirst = [...this.#names].sort(([one], [other]) => other.length - one.length);
    return longestFirst.reduce((words, [id, name]) => words.replaceAll(id, name), text);
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
  override get requests(): string[] {
    return this.api.requests.map(({ method, path }) => `${method} ${path}`);
  }

  /** The folder for the written files; it does not exist at first. */
  get out(): string {
    return join(this.folder, "infra");
  }

  here(name: string): string {
    return join(this.out, name);
  }

  textOf(name: string): string {
    return readFileSync(this.here(name), "utf8");
  }

  program(name = "qoder.ts"): string {
    return this.textOf(name);
  }

  /** The program on one line. */
  line(name = "qoder.ts"): string {
    return inLine(this.textOf(name));
  }

  /** The program without the comment at its begin, on one line. */
  declarations(name = "qoder.ts"): string {
    return inLine(this.textOf(name).slice(this.textOf(name).indexOf("\nimport") + 1));
  }

  importedIds(name = "import.json"): string[] {
    const { resources } = JSON.parse(this.textOf(name));
    return resources.map(({ id }: { id: string }) => id);
  }

  /** The names of the imported objects; none if there is no file. */
  importedNames(): string[] {
    return existsSync(this.out) ? this.importedIds().map((id) => this.inWords(id)) : [];
  }
}

export const useImportWorld = () => ofTests(new ImportWorld());
