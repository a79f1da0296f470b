import { runCancel } from "../../../command/cancel/main";
import { runPause } from "../../../command/pause/main";
import { runResume } from "../../../command/resume/main";
import type { WriteSurroundings } from "../../../command/terminal";
import { advisedIn, startAdvised } from "../advised-commands";
import { CommandWorld, ofTests } from "../command-world";
import { type Ended, ended } from "../ended";

export const markKey = "pulumi-qoder-holds";

export { secondToken, token } from "../command-world";

/** An account with a clock that skips waits, and the commands pause, resume and cancel. */
class PauseWorld extends CommandWorld {
  readonly pause = this.#started(runPause);
  readonly resume = this.#started(runResume);
  readonly cancel = this.#started(runCancel);

  #started(run: typeof runPause) {
    return (
      args: readonly string[],
      more: Partial<WriteSurroundings> = {},
      environment: Readonly<Record<string, string>> = this.environment,
    ): Promise<Ended> => ended((streams) => run(args, environment, streams, this.surroundings(more)));
  }

  surroundings(more: Partial<WriteSurroundings>): WriteSurroundings {
    return { clock: this.clock, ask: undefined, ...more };
  }

  /** The mark of a pause in the metadata. */
  mark(id: string): unknown {
    return this.api.deployments.get(id).metadata[markKey];
  }

  /** Runs the first command that an output advises as it is printed, with an answer in place of a person. */
  advised(output: string, environment: Readonly<Record<string, string>> = this.environment): Promise<Ended> {
    return startAdvised(this.clock, advisedIn(output)[0] ?? [], environment);
  }

  status(id: string): string {
    return this.api.deployments.get(id).status;
  }
}

export const usePauseWorld = () => ofTests(new PauseWorld());
