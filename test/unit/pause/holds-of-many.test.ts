import fc from "fast-check";
import { readToActOn } from "../../../command/act";
import { pause, pauseCommand, runPause } from "../../../command/pause/main";
import { resume, resumeCommand, runResume } from "../../../command/resume/main";
import { type Context, runnerOf } from "../../../command/scope";
import { selectedToAct } from "../../../command/selection";
import { processSurroundings } from "../../../command/terminal";
import { holdsOf } from "../../../provider/deployment/pause-mark";
import { advisedIn } from "../advised-commands";
import { ended } from "../ended";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

/** What `limits --pause` does with deployments that are over their limits. */
const runLimitsPause = runnerOf({
  row: pauseCommand,
  around: processSurroundings,
  asked: (line, surroundings) => {
    const acting = selectedToAct(line, surroundings);
    return acting && { ...acting, cancel: false, reason: undefined, who: "limits" as const };
  },
  work: async (context) => pause(context, await readToActOn(context)),
});

/** What `limits --resume` does with deployments that have room in their limits. */
const runLimitsResume = runnerOf({
  row: resumeCommand,
  around: processSurroundings,
  asked: (line, surroundings) => {
    const acting = selectedToAct(line, surroundings);
    const by = { by: "command", given: [], isEachGiven: false, pauses: [] } as const;
    return acting && { ...acting, ...by };
  },
  async work(context) {
    const fleets = await readToActOn(context);
    const holds = fleets.flatMap(({ read }) => read).flatMap(({ deployment }) => holdsOf(deployment));
    const pauses = holds.flatMap(({ id, who }) => (who === "limits" ? [id] : []));
    const command = { ...context.command, pauses };
    return pauses.length === 0 ? 0 : resume({ ...context, command } satisfies Context<typeof command>, fleets);
  },
});

const does = [
  ...["pause", "pause", "pause", "pause one", "limits", "limits"],
  ...["resume own", "resume own", "resume own", "resume all", "resume limits"],
  ...["start", "stop", "service", "pause and undo", "pause twice", "killed pause", "killed resume"],
] as const;
const act = fc.record({
  does: fc.constantFrom(...does),
  who: fc.constantFrom("Ann", "Ben", "Cem"),
  which: fc.nat({ max: 1 }),
  write: fc.integer({ min: 1, max: 5 }),
  isDone: fc.boolean(),
  passS: fc.constantFrom(1, 30, 700, 10_000),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** What the model knows of a deployment, from the acts and their outputs alone. */
interface Known {
  status: "active" | "held" | "somebody" | "service";
  /** The pauses that hold it, with their owners. */
  holds: Map<string, string>;
  /** A command on it was killed: its own hold may be there or not. */
  isDoubtful: boolean;
}

class History {
  readonly #ids = ["one", "two"].map((name) => world.create(name));
  readonly #known = new Map(
    this.#ids.map((id): [string, Known] => [id, { status: "active", holds: new Map(), isDoubtful: false }]),
  );

  async do({ does: what, who, which, write, isDone, passS }: Act): Promise<void> {
    world.clock.pass(passS * 1_000);
    const id = this.#ids[which] ?? "";
    const known = this.#of(id);
    // Eleven holds fit; lost-answers.test.ts proves what the next pause says.
    const isFull = this.#ids.some((one) => world.holds(one).length > 8);
    switch (isFull && /pause|limits/.test(what) ? "resume all" : what) {
      case "pause":
        await this.#pause(who, ["--all"]);
        return;
      case "pause one":
        await this.#pause(who, [id]);
        return;
      case "limits":
        await this.#pause("limits", [id]);
        return;
      case "pause and undo":
        return this.#undo(who);
      case "pause twice":
        return this.#pauseTwice();
      case "resume own": {
        const own = [...this.#known.values()].flatMap(({ holds }) => [...holds]).filter(([, owner]) => owner === who);
        return own[0] === undefined ? undefined : this.#resume([own[0][0]], (pauseId) => pauseId === own[0]?.[0]);
      }
      case "resume all":
        return this.#resume(["--all"], (_, owner) => owner !== "limits");
      case "resume limits":
        return this.#resume(["--all"], (_, owner) => owner === "limits", runLimitsResume);
      case "killed pause":
        return this.#killed(write, isDone, () => said(runPause, ["--all"]));
      case "killed resume":
        return this.#killed(write, isDone, () => said(runResume, ["--all"]), true);
      case "start":
        if (known.status !== "active") {
          world.api.deployments.unpause(id);
          // A younger hold at an active deployment may be that of a command at work, and counts.
          world.clock.pass(601_000);
          Object.assign(known, { status: "active", holds: new Map(), isDoubtful: known.isDoubtful });
        }
        return;
      case "stop":
        if (known.status === "active" && world.holds(id).length === 0) {
          world.api.deployments.pause(id);
          known.status = "somebody";
        }
        return;
      case "service":
        if (known.status === "active") {
          world.api.deployments.pauseByError(id, "agent_archived_error");
          known.status = "service";
        }
    }
  }

  #of(id: string): Known {
    return this.#known.get(id) ?? { status: "active", holds: new Map(), isDoubtful: false };
  }

  /** A pause holds what is active or held; `limits` holds it once. */
  async #pause(who: string, args: readonly string[]): Promise<string> {
    const { status, stdout } = await said(who === "limits" ? runLimitsPause : runPause, args);
    expect({ args, stdout, status }).toMatchObject({ status: 0 });
    const [, id = ""] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(stdout) ?? [];
    for (const known of this.#selected(args)) {
      const isHeld = who === "limits" && [...known.holds.values()].includes("limits");
      if (known.status === "active" || (known.status === "held" && !isHeld)) {
        known.holds.set(id, who);
        known.status = "held";
      }
    }
    this.#check(stdout);
    return stdout;
  }

  /** The line that a pause prints undoes what it did, and nothing else. */
  async #undo(who: string): Promise<void> {
    const before = world.statuses(...this.#ids);
    const stdout = await this.#pause(who, ["--all"]);
    const line = /To start these again: (.*)/.exec(stdout)?.[1] ?? "";
    const [words = []] = advisedIn(line);
    if (words.length > 0) {
      await this.#resume(words.slice(1), (id) => id === words[1]);
    }
    const isDoubtful = [...this.#known.values()].some((known) => known.isDoubtful);
    expect([isDoubtful, world.statuses(...this.#ids)]).toEqual([isDoubtful, isDoubtful ? expect.anything() : before]);
  }

  async #pauseTwice(): Promise<void> {
    const both = await Promise.all(["Ann", "Ben"].map(() => said(runPause, ["--all"])));
    for (const [index, { stdout }] of both.entries()) {
      const [, id] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(stdout) ?? [];
      for (const known of this.#selected(["--all"])) {
        if (id !== undefined && ["active", "held"].includes(known.status)) {
          known.holds.set(id, index === 0 ? "Ann" : "Ben");
        }
      }
    }
    for (const known of this.#known.values()) {
      known.status = known.status === "active" ? "held" : known.status;
    }
    this.#check(both.map(({ stdout }) => stdout).join(""));
  }

  #selected(args: readonly string[]): Known[] {
    return this.#ids.filter((id) => args[0] === "--all" || args.includes(id)).map((id) => this.#of(id));
  }

  /** `ends`: the holds that the command takes off. */
  async #resume(args: readonly string[], ends: (id: string, owner: string) => boolean, run = runResume): Promise<void> {
    const { stdout } = await said(run, args);
    for (const known of this.#known.values()) {
      const isMeant = [...known.holds].some(([id, owner]) => ends(id, owner));
      known.holds = new Map([...known.holds].filter(([id, owner]) => !ends(id, owner)));
      if (known.status === "held" && known.holds.size === 0 && isMeant && !known.isDoubtful) {
        known.status = "active";
      }
    }
    this.#check(stdout, true);
  }

  /** Does the work, of which the service does this write as the last one, or refuses it already. */
  async #killed(write: number, isDone: boolean, work: () => Promise<unknown>, isResume = false): Promise<void> {
    const times = Number.POSITIVE_INFINITY;
    world.api.fault({ kind: isDone ? "reset-after" : "reset-before", method: "POST", skip: write - 1 });
    world.api.fault({ kind: "reset-before", method: "POST", skip: write - 1, times });
    await work();
    world.api.clearFaults();
    for (const [id, known] of this.#known) {
      const isPaused = world.status(id) === "paused";
      if (known.status === "active" && isPaused) {
        // Whoever was killed, its hold says whose pause it is.
        known.holds = new Map(world.holds(id).map((hold) => [hold.id, "killed"]));
        expect(known.holds.size).toBeGreaterThan(0);
        known.status = "held";
      } else if (known.status === "held") {
        const mayStart = isResume && [...known.holds.values()].every((owner) => owner !== "limits");
        expect([isPaused, mayStart]).toEqual([isPaused || !mayStart, mayStart]);
        known.holds = isPaused ? new Map([...known.holds].filter(([pauseId]) => isIn(id, pauseId))) : new Map();
        known.status = isPaused ? "held" : "active";
      }
      known.isDoubtful = true;
    }
  }

  /** The service shows what the model says: nothing runs that somebody stops, no hold is lost, and what nobody holds runs. */
  #check(stdout: string, isResume = false): void {
    for (const [id, known] of this.#known) {
      const isActive = world.status(id) === "active";
      const told = { stdout, id, known: known.status, holds: [...known.holds] };
      if (known.status !== "active" && known.isDoubtful && known.status === "held" && known.holds.size === 0) {
        // A hold of a killed command is all that may keep it paused.
        known.status = isActive ? "active" : "held";
        continue;
      }
      expect({ ...told, isActive }).toEqual({ ...told, isActive: known.status === "active" });
      const lost = [...known.holds.keys()].filter((pauseId) => !isIn(id, pauseId));
      expect({ ...told, isResume, lost }).toEqual({ ...told, isResume, lost: [] });
    }
  }
}

const isIn = (id: string, pauseId: string) => world.holds(id).some((hold) => hold.id === pauseId);

function said(run: typeof runPause, args: readonly string[]) {
  const surroundings = { clock: world.clock, ask: undefined };
  return ended((streams) => run([...args, "--yes"], world.environment, streams, surroundings));
}

test("whatever three persons, `limits`, the console, the service and kills do, nothing starts that somebody holds, and a pause ends with its own line", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 2, maxLength: 8 }), fc.constantFrom(1, 2), async (acts, generation) => {
      await world.stop();
      await world.start();
      world.api.switches.generation = generation;
      const history = new History();
      for (const step of acts) {
        await history.do(step);
      }
    }),
    { numRuns: 500 },
  );
}, 600_000);
