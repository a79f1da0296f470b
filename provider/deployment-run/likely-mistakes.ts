import { dayMs, durationText, minuteMs } from "../api/clock";
import { agents, deployments } from "../kinds/table";
import type { ProgramChange } from "../resource/kind";
import { type PlanRemark, planWarning } from "../resource/plan-remark";
import { isObject, type Properties, same } from "../resource/program-values";
import type { FindDeclaration } from "../resource/references";
import type { RunArguments } from "./reply";

type Arguments = RunArguments & { readonly triggers?: unknown };

/** Warns of triggers that start and pay for a run in each `up`, and of a wait in milliseconds. */
export function likelyMistakes({ before, after }: ProgramChange<Arguments>, now: Date): PlanRemark[] {
  const { triggers, waitForResult } = after;
  const waitMs = isObject(waitForResult) ? Number(waitForResult["timeoutSeconds"] ?? 0) * 1_000 : 0;
  const moment = same(before.triggers, triggers) ? undefined : presentIn(triggers, now.getTime());
  return [
    ...(moment === undefined
      ? []
      : [
          planWarning(
            "likely-mistake",
            `triggers: ${moment} is the present time, so each \`pulumi up\` starts a run and pays for it; give what the run depends on, such as the version of the agent`,
          ),
        ]),
    ...(waitMs > dayMs && !same(before.waitForResult, waitForResult)
      ? [
          planWarning(
            "likely-mistake",
            `waitForResult.timeoutSeconds: \`pulumi up\` waits up to ${durationText(waitMs)}; the unit is seconds`,
          ),
        ]
      : []),
  ];
}

/** The first value that is a time of the last minutes: a number of seconds or milliseconds, or a text that a clock prints. */
function presentIn(value: unknown, now: number): string | undefined {
  if (typeof value === "object" && value !== null) {
    return Object.values(value)
      .map((member) => presentIn(member, now))
      .find((moment) => moment !== undefined);
  }
  const text = String(value);
  const number = /^\d{10}(?:\d{3})?$/.test(text) ? Number(text.padEnd(13, "0")) : Date.parse(text);
  return Math.abs(number - now) < 5 * minuteMs ? text : undefined;
}

/** Warns of a new run that a change of the program's own agent does not start again. */
export function neverAgain(
  { deploymentId, triggers }: Properties,
  find: FindDeclaration,
  exists: boolean,
): PlanRemark[] {
  const { name, inputs: { agent } = {} } = find(deployments, deploymentId) ?? {};
  const used = find(agents, isObject(agent) ? agent["id"] : agent);
  return exists || triggers !== undefined || used === undefined
    ? []
    : [
        planWarning(
          "likely-mistake",
          `without triggers it runs once: a later change of the agent "${used.name}" of the deployment "${name}" starts no run. Write triggers: [agent.version]`,
        ),
      ];
}
