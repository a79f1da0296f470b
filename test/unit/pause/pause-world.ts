import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { saveFile } from "../../../provider/command/files";
import { runPause } from "../../../provider/command/pause/main";
import { type ReceiptContent, readReceipt } from "../../../provider/command/pause/receipt";
import { runResume } from "../../../provider/command/resume/main";
import type { WriteSurroundings } from "../../../provider/command/terminal";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";

export const token = "pt-pause-09d2";
export const secondToken = "pt-pause-second-41bb";

/** An account with a clock that skips waits, a folder for receipts, and the commands pause and resume. */
export class PauseWorld extends CommandWorld {
  folder = "";
  refs = { agent: "", environment_id: "" };

  async start(): Promise<void> {
    const clock = () => this.clock.date();
    await this.startApi({ tokens: { [token]: "mine", [secondToken]: "second" }, clock, seed: 60 });
    this.folder = mkdtempSync(join(tmpdir(), "pulumi-qoder-pause-"));
    this.refs = { agent: this.api.agents.create().id, environment_id: this.api.environments.create().id };
  }

  async stop(): Promise<void> {
    await this.api.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  create(name: string, more: object = {}): string {
    const initial_events = [{ type: "user.message", content: "hello" }];
    const schedule = { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" };
    return this.api.deployments.create({ name, ...this.refs, initial_events, schedule, ...more }).id;
  }

  /** Starts a run and returns the id of its session. */
  run(id: string): string {
    return this.api.deployments.runBySchedule(id).session_id ?? "none";
  }

  waiting(id: string): string {
    const session = this.run(id);
    this.api.sessions.end(session, { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
    return session;
  }

  pause(
    args: readonly string[],
    more: Partial<WriteSurroundings> = {},
    environment: Readonly<Record<string, string>> = this.environment,
  ): Promise<Ended> {
    return ended((streams) => runPause(args, environment, streams, this.surroundings(more)));
  }

  resume(
    args: readonly string[],
    more: Partial<WriteSurroundings> = {},
    environment: Readonly<Record<string, string>> = this.environment,
  ): Promise<Ended> {
    return ended((streams) => runResume(args, environment, streams, this.surroundings(more)));
  }

  surroundings(more: Partial<WriteSurroundings>): WriteSurroundings {
    return { clock: this.clock, ask: undefined, folder: this.folder, save: saveFile, ...more };
  }

  get environment() {
    return { QODER_PAT: token, QODER_BASE_URL: this.api.url };
  }

  get receiptFiles(): string[] {
    return readdirSync(this.folder).map((name) => join(this.folder, name));
  }

  get receiptFile(): string {
    const [file, ...others] = this.receiptFiles;
    if (file === undefined || others.length > 0) {
      throw new Error(`there is not one receipt, but ${this.receiptFiles.length}`);
    }
    return file;
  }

  get receipt(): ReceiptContent {
    return readReceipt(this.receiptFile);
  }

  get receiptText(): string {
    return readFileSync(this.receiptFile, "utf8");
  }

  status(id: string): string {
    return this.api.deployments.get(id).status;
  }

  /** Method and path of each request except GETs. */
  get writes(): string[] {
    return this.api.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }
}

export function usePauseWorld(): PauseWorld {
  const world = new PauseWorld();
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
}
