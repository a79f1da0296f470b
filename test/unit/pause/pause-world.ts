import { runCancel } from "../../../command/cancel/main";
import { runPause } from "../../../command/pause/main";
import { runResume } from "../../../command/resume/main";
import type { WriteSurroundings } from "../../../command/terminal";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";

export const markKey = "pulumi-qoder-paused-by-command";

export const token = "pt-pause-09d2";
export const secondToken = "pt-pause-second-41bb";

/** An account with a clock that skips waits, and the commands pause and resume. */
export class PauseWorld extends CommandWorld {
  refs = { agent: "", environment_id: "" };

  async start(): Promise<void> {
    const clock = () => this.clock.date();
    await this.startApi({ tokens: { [token]: "mine", [secondToken]: "second" }, clock, seed: 60 });
    this.refs = { agent: this.api.agents.create().id, environment_id: this.api.environments.create().id };
  }

  async stop(): Promise<void> {
    await this.api.close();
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
    return { clock: this.clock, ask: undefined, ...more };
  }

  get environment() {
    return { QODER_PAT: token, QODER_BASE_URL: this.api.url };
  }

  /** The mark of a pause in the metadata. */
  mark(id: string): unknown {
    return this.api.deployments.get(id).metadata[markKey];
  }

  /** Runs `resume` or another command as the output of a command advises it: as printed, with an answer in place of a person. */
  advised(output: string, environment: Readonly<Record<string, string>> = this.environment): Promise<Ended> {
    const [, command = "", text = ""] = /npx pulumi-qoder (\w+) ([^\n`]*)/.exec(output) ?? [];
    const args = Array.from(text.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? "");
    const runs = { pause: runPause, resume: runResume, cancel: runCancel } as const;
    const run = Object.entries(runs).find(([name]) => name === command)?.[1];
    if (run === undefined) {
      throw new Error(`no command is advised: ${output}`);
    }
    return ended((streams) => run(args, environment, streams, this.surroundings({ ask: async () => true })));
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
