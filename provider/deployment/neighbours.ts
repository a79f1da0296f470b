import { type Remark, warning } from "../api/remark";
import type { Neighbours, ProgramChange } from "../resource/kind";
import { containsUnknown } from "../resource/unknown";
import { runText } from "../schedule/run-text";
import type { Schedule } from "../schedule/schedule";
import { minutesInUtc, sharedRun } from "../schedule/shared-run";
import { agentIdIn, agentIdOf } from "./agent";
import { isRescheduled } from "./schedule-remarks";
import type { DeploymentArguments } from "./values";

type Change = ProgramChange<DeploymentArguments>;

/** The names of the deployments of one agent that have one schedule. */
interface Group {
  readonly schedule: Schedule;
  readonly all: string[];
  /** Those that are new or change. */
  readonly changed: string[];
}

/** Finds deployments of one agent that fire in the same minute, where one of the two is new or changes. */
export class AgentNeighbours implements Neighbours<DeploymentArguments> {
  readonly #met = new Set<string>();
  readonly #groups = new Map<string, Group>();
  /** By the agent and a minute of the day, so that a stack of thousands is not searched for each of them. */
  readonly #byMinute = new Map<string, Set<Group>>();
  /** Groups that a warning has named: one more of them is no news. */
  readonly #warned = new Set<Group>();

  remarks(origin: string, change: Change, now: Date): Remark[] {
    const { schedule, name = "" } = change.after;
    const agent = agentIdIn(change.inputs);
    const paused = change.inputs["paused"] ?? change.before.paused;
    const isKnown = schedule !== undefined && agent !== undefined && !containsUnknown([schedule, agent, paused]);
    // In a replacement the engine asks again.
    if (!isKnown || paused === true || this.#met.has(origin)) {
      return [];
    }
    this.#met.add(origin);
    const isChanged = isRescheduled(change) || agentIdOf(change.before.agent) !== agent;
    const places = [...minutesInUtc(schedule, now)].map((minute) => `${agent} ${minute}`);
    const together = this.#together(schedule, isChanged, places, now);
    const own = this.#add(`${agent} ${schedule.timezone} ${schedule.expression}`, schedule, places, name, isChanged);
    const [first] = together;
    const isNews = together.some(({ group }) => !this.#warned.has(group));
    if (first === undefined) {
      return [];
    }
    for (const group of [own, ...together.map(({ group }) => group)]) {
      this.#warned.add(group);
    }
    const names = together.flatMap((one) => one.names);
    return isNews ? [sharedMinute(schedule, first.run, names)] : [];
  }

  #together(schedule: Schedule, isChanged: boolean, places: readonly string[], now: Date) {
    const near = new Set(places.flatMap((place) => [...(this.#byMinute.get(place) ?? [])]));
    return [...near].flatMap((group) => {
      const names = [...(isChanged ? group.all : group.changed)];
      const run = names.length === 0 ? undefined : sharedRun(schedule, group.schedule, now);
      return run === undefined ? [] : [{ group, names, run }];
    });
  }

  #add(key: string, schedule: Schedule, places: readonly string[], name: string, isChanged: boolean): Group {
    const group = this.#groups.get(key) ?? { schedule, all: [], changed: [] };
    if (group.all.length === 0) {
      this.#groups.set(key, group);
      for (const place of places) {
        this.#byMinute.set(place, (this.#byMinute.get(place) ?? new Set()).add(group));
      }
    }
    group.all.push(name);
    if (isChanged) {
      group.changed.push(name);
    }
    return group;
  }
}

function sharedMinute({ timezone }: Schedule, run: Date, [first = "", ...others]: readonly string[]): Remark {
  const name = containsUnknown(first) ? "another deployment" : `"${first}"`;
  const more = others.length === 0 ? "" : ` and ${others.length} more`;
  return warning(
    `fires in the same minute as ${name}${more} of the same agent, next at ${runText(run, timezone)} (${timezone}); spread(name, { every: "day" }) gives each a minute of its own`,
  );
}
