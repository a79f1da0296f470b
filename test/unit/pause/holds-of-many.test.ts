import fc from "fast-check";
import { readToActOn } from "../../../command/act";
import { pause, pauseCommand, runPause } from "../../../command/pause/main";
import { resume, resumeCommand, runResume } from "../../../command/resume/main";
import { runnerOf } from "../../../command/scope";
import { selectedToAct } from "../../../command/selection";
import { processSurroundings } from "../../../command/terminal";
import { holdsOf } from "../../../provider/deployment/holds";
import { advisedIn } from "../advised-commands";
import { ended } from "../ended";
import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

/** What `limits --pause` does with deployments that are over their limits. */
const runLimitsPause = runnerOf({
  row: pauseCommand,
  around: processSurroundings,
  asked: selectedToAct,
  work: async (context) =>
    pause(context, await readToActOn(context), { cancel: false, reason: undefined, who: "limits" }),
});

/** What `limits --resume` does with deployments that have room in their limits. */
const runLimitsResume = runnerOf({
  row: resumeCommand,
  around: processSurroundings,
  asked: selectedToAct,
  async work(context) {
    const fleets = await readToActOn(context);
    const holds = fleets.flatMap(({ read }) => read).flatMap(({ deployment }) => holdsOf(deployment));
    const pauses = holds.flatMap(({ id, who }) => (who === "limits" ? [id] : []));
    return pauses.length === 0 ? 0 : resume(context, fleets, { by: "command", given: [], isEachGiven: false, pauses });
  },
});

const does = [
  ...["pause", "pause", "pause", "pause one", "limits", "limits"],
  ...["resume own", "resume own", "resume own", "resume all", "resume limits"],
  ...["start", "stop", "service", "pause and undo", "pause twice"],
] as const;
const act = fc.record({
  does: fc.constantFrom(...does),
  who: fc.constantFrom("Ann", "Ben", "Cem"),
  which: fc.nat({ max: 1 }),
  /** The last request of the command, a read or a write, which the service does or does not do. */
  kill: fc.option(fc.record({ request: fc.nat({ max: 16 }), isDone: fc.boolean() }), { freq: 2, nil: undefined }),
  passS: fc.constantFrom(1, 30, 700, 10_000),
});
type Act = typeof act extends fc.Arbitrary<infer Value> ? Value : never;

/** What the model knows of a deployment, from the acts and their outputs alone. */
interface Known {
  status: "active" | "held" | "somebody" | "service";
  /** The ids of the pauses that hold it. */
  holds: readonly string[];
}

interface Said {
  readonly stdout: string;
  readonly isKilled: boolean;
}

class History {
  readonly #ids = ["one", "two"].map((name) => world.create(name));
  readonly #known = new Map(this.#ids.map((id): [string, Known] => [id, { status: "active", holds: [] }]));
  /** Who began each pause. */
  readonly #owners = new Map<string, string>();

  async do({ does: what, who, which, kill, passS }: Act): Promise<void> {
    world.clock.pass(passS * 1_000);
    const id = this.#ids[which] ?? "";
    const known = this.#of(id);
    // Nine holds fit; lost-answers.test.ts proves what the next pause says.
    const isFull = this.#ids.some((one) => world.holds(one).length > 6);
    switch (isFull && /pause|limits/.test(what) ? "resume all" : what) {
      case "pause":
        await this.#pause(who, ["--all"], kill);
        return;
      case "pause one":
        await this.#pause(who, [id], kill);
        return;
      case "limits":
        await this.#pause("limits", [id], kill);
        return;
      case "pause and undo":
        return this.#undo(who);
      case "pause twice":
        return this.#pauseTwice();
      case "resume own": {
        const held = [...this.#known.values()].flatMap(({ holds }) => holds);
        const own = held.find((pauseId) => this.#owners.get(pauseId) === who);
        return own === undefined ? undefined : this.#resume([own], (pauseId) => pauseId === own, kill);
      }
      case "resume all":
        return this.#resume(["--all"], (pauseId) => this.#owners.get(pauseId) !== "limits", kill);
      case "resume limits":
        return this.#resume(["--all"], (pauseId) => this.#owners.get(pauseId) === "limits", kill, runLimitsResume);
      case "start":
        if (known.status !== "active") {
          world.api.deployments.unpause(id);
          // A younger hold at an active deployment may be that of a command at work, and counts.
          world.clock.pass(601_000);
          Object.assign(known, { status: "active", holds: [] });
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
    return this.#known.get(id) ?? { status: "active", holds: [] };
  }

  /** Runs the command until its end, or until no request of it arrives any more. */
  async #run(run: typeof runPause, args: readonly string[], kill: Act["kill"]): Promise<Said> {
    const before = world.api.requests.length;
    if (kill !== undefined) {
      const [skip, times] = [kill.request, Number.POSITIVE_INFINITY];
      world.api.fault({ kind: kill.isDone ? "reset-after" : "reset-before", skip });
      world.api.fault({ kind: "reset-before", skip, times });
    }
    const { status, stdout } = await said(run, args);
    world.api.clearFaults();
    const isKilled = kill !== undefined && world.api.requests.length > before + kill.request;
    expect({ args, stdout, isKilled, status }).toMatchObject({ status: isKilled ? expect.any(Number) : 0 });
    return { stdout, isKilled };
  }

  /** A pause holds what is active or held; `limits` holds it once. */
  async #pause(who: string, args: readonly string[], kill?: Act["kill"]): Promise<string> {
    const start = world.clock.now();
    const before = this.#ids.flatMap((id) => world.holds(id));
    const { stdout, isKilled } = await this.#run(who === "limits" ? runLimitsPause : runPause, args, kill);
    this.#own(who);
    const [, id] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(stdout) ?? [];
    const isOld = (one: string) => before.some((hold) => hold.id === one);
    // What a killed command has left at an active deployment counts for ten minutes.
    const isOver = (one: string) => before.some((hold) => hold.id === one && start - Date.parse(hold.when) > 601_000);
    for (const [place, known] of this.#selected(args)) {
      const isLimited = known.holds.some((one) => this.#owners.get(one) === who && who === "limits");
      const now = idsOf(place);
      const added = now.filter((one) => !isOld(one));
      const told = { stdout, isKilled, holds: now };
      const isPaused = known.status === "active" && (!isKilled || world.status(place) === "paused");
      if (isPaused) {
        expect({ ...told, added, over: now.filter(isOver) }).toMatchObject({
          added: [id ?? expect.stringMatching("p-")],
          over: [],
        });
        Object.assign(known, { status: "held", holds: now });
      } else if (known.status === "held" && !isLimited) {
        expect({ ...told, added }).toMatchObject({ added: isKilled ? added.slice(0, 1) : [id] });
        known.holds = [...known.holds, ...added];
      }
    }
    this.#check(stdout);
    return stdout;
  }

  #own(who: string): void {
    for (const one of this.#ids.flatMap(idsOf)) {
      this.#owners.set(one, this.#owners.get(one) ?? who);
    }
  }

  /** The line that a pause prints undoes what it did, and nothing else. */
  async #undo(who: string): Promise<void> {
    const left = new Set(this.#ids.filter((id) => this.#of(id).status === "active" && idsOf(id).length > 0));
    const before = this.#ids.map((id) => (left.has(id) ? expect.anything() : world.status(id)));
    const stdout = await this.#pause(who, ["--all"]);
    const line = /To start these again: (.*)/.exec(stdout)?.[1] ?? "";
    const [words = []] = advisedIn(line);
    if (words.length > 0) {
      await this.#resume(words.slice(1), (id) => id === words[1]);
    }
    expect(world.statuses(...this.#ids)).toEqual(before);
  }

  async #pauseTwice(): Promise<void> {
    const both = await Promise.all(["Ann", "Ben"].map(() => said(runPause, ["--all"])));
    for (const [index, { stdout }] of both.entries()) {
      const [, id] = /To start these again: npx pulumi-qoder resume (p-\w+)/.exec(stdout) ?? [];
      for (const [, known] of this.#selected(["--all"])) {
        if (id !== undefined && ["active", "held"].includes(known.status)) {
          known.holds = [...known.holds, id];
          this.#owners.set(id, index === 0 ? "Ann" : "Ben");
        }
      }
    }
    for (const [id, known] of this.#known) {
      if (known.status === "active") {
        known.status = "held";
        known.holds = [...new Set([...known.holds, ...idsOf(id)])];
      }
    }
    this.#own("Ann");
    this.#check(both.map(({ stdout }) => stdout).join(""));
  }

  #selected(args: readonly string[]) {
    return [...this.#known].filter(([id]) => args[0] === "--all" || args.includes(id));
  }

  /** `ends`: the holds that the command takes off. */
  async #resume(
    args: readonly string[],
    ends: (id: string) => boolean,
    kill?: Act["kill"],
    run = runResume,
  ): Promise<void> {
    const { stdout, isKilled } = await this.#run(run, args, kill);
    for (const [id, known] of this.#known) {
      const others = known.holds.filter((one) => !ends(one));
      const isFree = known.status === "held" && others.length === 0;
      if (isFree && (!isKilled || world.status(id) === "active")) {
        Object.assign(known, { status: "active", holds: [] });
      } else if (known.status === "held") {
        known.holds = known.holds.filter((one) => others.includes(one) || (isKilled && idsOf(id).includes(one)));
        // Whoever was killed, a hold says whose pause it is.
        expect({ stdout, id, holds: known.holds }).not.toMatchObject({ holds: [] });
      }
    }
    this.#check(stdout);
  }

  /** The service shows what the model says: nothing runs that somebody stops, no hold is lost, and what nobody holds runs. */
  #check(stdout: string): void {
    for (const [id, { status, holds }] of this.#known) {
      const shown = status === "held" ? [...idsOf(id)].sort() : [];
      const wanted = { isActive: status === "active", holds: [...holds].sort() };
      expect({ stdout, id, status, isActive: world.status(id) === "active", holds: shown }).toEqual({
        ...{ stdout, id, status },
        ...wanted,
      });
    }
  }
}

const idsOf = (id: string) => world.holds(id).map((hold) => hold.id);

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
