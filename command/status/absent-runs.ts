import { counted } from "../../provider/api/clock";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { runText } from "../../provider/schedule/runs";
import type { DeploymentFacts, Finding } from "./facts";

/** The runs that should have come. */
export function absentRuns({ isOverdue, nextRunAt, timezone, missed }: DeploymentFacts): Finding[] {
  const due = (moment: number = 0) => `${runText(new Date(moment), timezone)}, ${timezone}`;
  const { times = [], doubtful = [], begin } = missed ?? {};
  const [first] = times;
  const [doubt] = doubtful;
  const which =
    times.length === 1
      ? `1 run was missed: it was due ${due(first)}`
      : `${times.length} runs were missed: the first was due ${due(first)}, the last ${due(times.at(-1))}`;
  const doubtOf = doubtful.length === 1 ? "it" : "the first";
  const next = timeOf(nextRunAt);
  return [
    ...(first === undefined ? [] : [{ text: which, since: begin ?? first }]),
    ...(doubt === undefined
      ? []
      : [
          {
            text: `${counted(doubtful.length, "run")} may have been missed: ${doubtOf} was due ${due(doubt.due)}, and ${doubt.why}`,
            since: doubt.due,
          },
        ]),
    ...(isOverdue ? [{ text: `The next run that the service shows is overdue: ${due(next)}`, since: next }] : []),
  ];
}
