import { runCancel } from "../../../command/cancel/main";
import { runPause } from "../../../command/pause/main";
import { runResume } from "../../../command/resume/main";
import type { WriteSurroundings } from "../../../command/terminal";
import { type Hold, holdsOf, withHold } from "../../../provider/deployment/holds";
import { advisedIn, startAdvised } from "../advised-commands";
import { CommandWorld, ofTests } from "../command-world";
import { type Ended, ended } from "../ended";

export { holdsKey } from "../../../provider/deployment/holds";
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

  /** Adds a hold to the deployment as another command does. */
  hold(id: string, hold: Omit<Hold, "when"> & Partial<Hold>): void {
    const patch = withHold(this.api.deployments.get(id), { when: this.clock.date().toISOString(), ...hold }, 0);
    this.api.deployments.edit(id, { metadata: patch });
  }

  /** The holds in the metadata. */
  holds(id: string): readonly Hold[] {
    return holdsOf(this.api.deployments.get(id));
  }

  /** Runs the first command that an output advises as it is printed, with an answer in place of a person. */
  advised(output: string, environment: Readonly<Record<string, string>> = this.environment): Promise<Ended> {
    return startAdvised(this.clock, advisedIn(output)[0] ?? [], environment);
  }

  /** The sessions that were cancelled, once for each request, in the order of their ids. */
  get cancelled(): string[] {
    return this.writes.flatMap((write) => /\/sessions\/(\w+)\/cancel$/.exec(write)?.[1] ?? []).sort();
  }

  status(id: string): string {
    return this.api.deployments.get(id).status;
  }
}

export const usePauseWorld = () => ofTests(new PauseWorld());
