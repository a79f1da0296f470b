import { type Remark, warning } from "../api/remark";
import type { Neighbours, ProgramChange } from "../resource/kind";
import { containsUnknown } from "../resource/unknown";
import { runsAfter, runText } from "../schedule/runs";
import type { Schedule } from "../schedule/schedule";
import { agentIdIn, agentIdOf } from "./agent";
import { isRescheduled } from "./schedule-remarks";
import type { DeploymentArguments } from "./values";

type Change = ProgramChange<DeploymentArguments>;

/** The names of the deployments of one agent that have the same schedule. */
interface Group {
  readonly all: string[];
  /** Those that are new or change. */
  readonly changed: string[];
  isTold: boolean;
}

/** Finds deployments of one agent that have the same expression and time zone, where one of the two is new or changes. */
export class AgentNeighbours implements Neighbours<DeploymentArguments> {
  readonly #met = new Set<string>();
  readonly #groups = new Map<string, Group>();

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
    const group = this.#group(JSON.stringify([agent, schedule.expression, schedule.timezone]));
    const others = [...(isChanged ? group.all : group.changed)];
    group.all.push(name);
    if (isChanged) {
      group.changed.push(name);
    }
    // One more of them is no news.
    if (group.isTold || others.length === 0) {
      return [];
    }
    group.isTold = true;
    return runsAfter(schedule, now, 1).map((run) => sharedMinute(schedule, run, others));
  }

  #group(key: string): Group {
    const group = this.#groups.get(key) ?? { all: [], changed: [], isTold: false };
    this.#groups.set(key, group);
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
