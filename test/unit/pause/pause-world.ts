import { runCancel } from "../../../command/cancel/main";
import { runPause } from "../../../command/pause/main";
import { runResume } from "../../../command/resume/main";
import type { WriteSurroundings } from "../../../command/terminal";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";

export const markKey = "pulumi-qoder-paused-by-command";

export { secondToken, token } from "../command-world";

/** An account with a clock that skips waits, and the commands pause and resume. */
export class PauseWorld extends CommandWorld {
  start(): Promise<void> {
    return this.startApi();
  }

  async stop(): Promise<void> {
    await this.api.close();
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
}

export function usePauseWorld(): PauseWorld {
  const world = new PauseWorld();
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
}
