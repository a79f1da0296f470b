import fc from "fast-check";
import { runPause } from "../../command/pause/main";
import { runResume } from "../../command/resume/main";
import { World } from "../support/world";
import { ended } from "../unit/ended";

const world = World.ofTests();

/**
 * What this test knows of a stopped deployment, from the acts alone: whose stop it is, and whether somebody has changed the deployment
 * since, or the command was killed, so that nobody can prove the stop.
 */
interface Stop {
  readonly by: string;
  readonly at: number;
  readonly isDoubtful: boolean;
}

/** What people and programs do between the commands. Most incidents have a person who starts a deployment and pauses it. */
const meanwhile = [
  ...["start", "start", "stop", "stop", "edit", "label", "up", "up paused", "up started"],
  ...["pause", "pause twice", "kill resume"],
] as const;
const acts = <Does extends string>(...does: readonly Does[]) =>
  fc.record({
    does: fc.constantFrom(...does),
    which: fc.nat({ max: 1 }),
    write: fc.integer({ min: 1, max: 9 }),
    isDone: fc.boolean(),
    passS: fc.constantFrom(2, 90, 7_200, 1_000_000),
  });
const incident = fc
  .tuple(
    acts("pause", "pause", "kill", "pause twice", "label"),
    fc.array(acts(...meanwhile), { maxLength: 5 }),
    fc.array(acts("resume all", "resume one"), { minLength: 1, maxLength: 2 }),
  )
  .map(([first, between, last]) => [first, ...between, ...last]);
type Act = typeof incident extends fc.Arbitrary<readonly (infer Value)[]> ? Value : never;

/** The deployments of one history, the program that declares them, and the oracle. */
class History {
  readonly #names = ["one", "two"];
  readonly #stacks = this.#names.map(() => world.stack());
  readonly #paused: boolean[] = [false, false];
  readonly #ids: string[] = [];
  readonly #pauses: string[] = [];
  readonly #labels = [14, 14];
  #stops: (Stop | undefined)[] = [undefined, undefined];
  #edits = 0;

  async start(): Promise<void> {
    for (const place of this.#names.keys()) {
      await this.#up(place, {});
      this.#ids.push(String(this.#stacks[place]?.state?.id));
    }
  }

  async do({ does, which, write, isDone, passS }: Act): Promise<void> {
    world.passTime(passS * 1_000);
    const id = this.#ids[which] ?? "";
    switch (does) {
      case "pause":
        return this.#pause();
      case "pause twice":
        return this.#pauseTwice();
      case "kill":
        return this.#kill(write, isDone);
      case "kill resume":
        return this.#killed(write, isDone, () => this.#resume(["--all"], this.#newest(), true));
      case "resume all":
        return this.#resume(["--all"], this.#newest());
      case "resume one":
        return this.#resume([this.#pauses[which] ?? "p-0000"], this.#pauses[which]);
      case "start":
        return this.#start(which);
      case "stop":
        return this.#stop(which);
      case "edit":
        world.api.deployments.edit(id, { description: `edited ${this.#edits++}` });
        return this.#touched(which);
      case "label":
        return this.#label(which);
      case "up":
        await this.#up(which, {});
        return this.#touched(which);
      case "up paused":
      case "up started":
        return this.#declare(which, does === "up paused");
    }
  }

  #start(place: number): void {
    if (this.#stops[place] !== undefined) {
      const id = this.#ids[place] ?? "";
      world.api.deployments.unpause(id);
      this.#stops[place] = undefined;
      // Without a run since, an `up` would hide that.
      world.passTime(2_000);
      world.api.deployments.runBySchedule(id);
    }
  }

  #stop(place: number): void {
    if (this.#stops[place] === undefined) {
      world.api.deployments.pause(this.#ids[place] ?? "");
      this.#stops[place] = { by: "a person", at: world.clock.now(), isDoubtful: false };
    }
  }

  /** With the 15th label nothing can be marked any more. The service has no place for the label beside two marks. */
  #label(place: number): void {
    const id = this.#ids[place] ?? "";
    if (Object.keys(world.api.deployments.get(id).metadata).length < 16 || this.#labels[place] === 15) {
      this.#labels[place] = this.#labels[place] === 15 ? 14 : 15;
      world.api.deployments.edit(id, { metadata: { "label-14": this.#labels[place] === 15 ? "of a person" : null } });
      this.#touched(place);
    }
  }

  async #declare(place: number, isPaused: boolean): Promise<void> {
    this.#paused[place] = isPaused;
    await this.#up(place, {});
    this.#touched(place);
    if (this.#status(place) === "active") {
      this.#stops[place] = undefined;
    } else if (isPaused) {
      this.#stops[place] = { by: "the program", at: world.clock.now(), isDoubtful: true };
    }
  }

  /** The newest pause that somebody can prove; undefined if a killed command has left a newer one. */
  #newest(): string | undefined {
    const stops = this.#stops.filter((stop) => stop?.by.startsWith("p-"));
    const proven = stops.filter((stop) => !stop?.isDoubtful).sort((one, other) => (other?.at ?? 0) - (one?.at ?? 0));
    return stops.some((stop) => stop?.by === killed) ? undefined : proven[0]?.by;
  }

  #status(place: number): string {
    return world.api.deployments.get(this.#ids[place] ?? "").status;
  }

  #touched(place: number): void {
    const stop = this.#stops[place];
    this.#stops[place] = stop && { ...stop, isDoubtful: true };
  }

  async #up(place: number, more: object): Promise<void> {
    const paused = this.#paused[place];
    const metadata = Object.fromEntries(Array.from({ length: 14 }, (_, index) => [`label-${index}`, "of the program"]));
    const declared = { name: this.#names[place], paused, metadata, description: `of up ${this.#edits++}` };
    const args = world.args({ ...declared, ...more });
    await this.#stacks[place]?.up(args);
  }

  async #pause(): Promise<void> {
    const isFull = this.#stops.map((stop, place) => stop === undefined && this.#labels[place] === 15);
    const { status, stdout } = await commanded(runPause, ["--all"]);
    expect(status).toBe(isFull.includes(true) ? 1 : 0);
    const [, id] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(stdout) ?? [];
    this.#stopped(id);
    this.#pauses.unshift(...(id === undefined ? [] : [id]));
  }

  /** Two people at once: nobody can say whose pause it is, and either one ends it. */
  async #pauseTwice(): Promise<void> {
    await Promise.all([commanded(runPause, ["--all"]), commanded(runPause, ["--all"])]);
    this.#stopped(killed);
  }

  async #kill(write: number, isDone: boolean): Promise<void> {
    await this.#killed(write, isDone, () => commanded(runPause, ["--all"]));
    this.#stopped(killed);
  }

  /** Does the work, of which the service does this write as the last one, or refuses it already. */
  async #killed(write: number, isDone: boolean, work: () => Promise<unknown>): Promise<void> {
    world.api.fault({ kind: isDone ? "reset-after" : "reset-before", method: "POST", skip: write - 1 });
    world.api.fault({ kind: "reset-before", method: "POST", skip: write - 1, times: Number.POSITIVE_INFINITY });
    await work();
    world.api.clearFaults();
  }

  #stopped(by: string | undefined): void {
    this.#stops = this.#stops.map((stop, place) => {
      const own = this.#labels[place] === 15 && by !== killed ? "a pause without a mark" : (by ?? "nobody");
      return stop === undefined && this.#status(place) === "paused"
        ? { by: own, at: world.clock.now(), isDoubtful: own === killed }
        : stop;
    });
  }

  /** `ends`: the pause that the command must end; undefined if this test does not know it. */
  async #resume(args: readonly string[], ends: string | undefined, isKilled = false): Promise<void> {
    const before = this.#stops;
    await commanded(runResume, args);
    for (const [place, stop] of before.entries()) {
      const isActive = this.#status(place) === "active";
      const told = { args, place, stop, isActive };
      if (stop !== undefined && isActive) {
        // What a person or a program has stopped stays, and so does what another pause has stopped.
        expect({
          ...told,
          isOfPause: ["p-killed", ends].includes(stop.by) || (ends === undefined && stop.by.startsWith("p-")),
        }).toEqual({ ...told, isOfPause: true });
        this.#stops[place] = undefined;
      } else if (stop !== undefined && stop.by === ends && !isKilled) {
        expect({ ...told, isDoubtful: stop.isDoubtful }).toEqual({ ...told, isDoubtful: true });
      }
    }
  }
}

const killed = "p-killed";

function commanded(run: typeof runPause, args: readonly string[]) {
  const environment = { QODER_PAT: "pt-test", QODER_BASE_URL: world.api.url };
  return ended((streams) => run([...args, "--yes"], environment, streams, { clock: world.clock, ask: undefined }));
}

/** A pause without room for a mark, of a deployment that has the mark of an older pause. */
const inRoomOfOld = (["pause", "label", "resume all", "pause", "start", "pause", "resume all"] as const).map(
  (does): Act => ({ does, which: 0, write: 1, isDone: false, passS: 2 }),
);

test("whatever pause, resume, kills, `up` and people do, resume starts all that its pause has provably stopped, and nothing that another stops", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(incident, { minLength: 1, maxLength: 3 }), async (incidents) => {
      world.reset();
      const history = new History();
      await history.start();
      for (const step of incidents.flat()) {
        await history.do(step);
      }
    }),
    { numRuns: 20, examples: [[[inRoomOfOld]]] },
  );
});
