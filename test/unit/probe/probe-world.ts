import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outside } from "../../../tools/probe/main";
import { runProbe } from "../../../tools/probe/main";
import { CommandWorld, ofTests } from "../command-world";
import { type Ended, ended } from "../ended";

export const token = "pt-probe-7d1f";

interface Probed extends Ended {
  /** Empty if no report was written. */
  readonly report: string;
  /** The names of the rows in each section. */
  readonly differs: readonly string[];
  readonly holds: readonly string[];
  readonly untried: readonly string[];
}

/** An account with objects of somebody else, and the command that probes the account. The clock skips waits. */
class ProbeWorld extends CommandWorld {
  #folder = "";

  get reportFile(): string {
    return join(this.#folder, "report.md");
  }

  override async start(): Promise<void> {
    this.#folder = await mkdtemp(join(tmpdir(), "probe-"));
    const switches = { duplicateNames: "conflict" } as const;
    await this.startApi({ tokens: { [token]: "mine" }, clock: () => this.clock.date(), seed: 3, switches });
    this.create("daily", { schedule: undefined });
  }

  override async stop(): Promise<void> {
    await super.stop();
    await rm(this.#folder, { recursive: true });
  }

  async probe(
    args: readonly string[] = ["--yes"],
    outside: Partial<Outside> = {},
    file = this.reportFile,
  ): Promise<Probed> {
    const environment = { QODER_PAT: token, QODER_BASE_URL: this.api.url };
    const all = [...args, "--out", file];
    const world = { clock: this.clock, version: "1.2.3", onInterruption: () => () => {}, ...outside };
    const probed = await this.clock.during(() => ended((streams) => runProbe(all, environment, streams, world)));
    const report = await readFile(file, "utf8").catch(() => "");
    const [differs, holds, untried] = ["Differs", "Holds", "Not tried"].map((title) => rowsOf(report, title));
    return { ...probed, report, differs: differs ?? [], holds: holds ?? [], untried: untried ?? [] };
  }

  /** The live objects of the probe. */
  get alive(): string[] {
    const { agents, environments, deployments, vaults, skills, files, sessions } = this.api;
    const named = [...agents.live(), ...environments.live(), ...deployments.live()].map(({ name }) => name);
    const own = named.filter((name) => name.startsWith("qoder-probe-"));
    return [
      ...own,
      ...[...vaults.all(), ...skills.all(), ...files.all()].map(({ id }) => id),
      ...sessions.live().map(({ id }) => id),
    ];
  }
}

function rowsOf(report: string, title: string): string[] {
  const section = report.split("\n## ").find((text) => text.startsWith(`${title}\n`)) ?? "";
  return [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name = ""]) => name);
}

export const useProbeWorld = () => ofTests(new ProbeWorld());
