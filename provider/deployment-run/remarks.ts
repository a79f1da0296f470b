import { dayMs, durationText, minuteMs } from "../api/clock";
import { agents, deployments } from "../kinds/table";
import { type PlanRemark, planInfo, planWarning } from "../resource/kind/diagnostics";
import type { ProgramChange, RecordedResource } from "../resource/kind/kind";
import { containsUnknown, isObject, membersOf, type Properties, same } from "../resource/kind/program-values";
import type { FindDeclaration, FoundDeclaration } from "../resource/kind/references";
import { closedBy } from "./ending";
import type { RunArguments } from "./reply";

/** The remarks of a preview about a run. */
export const runRemarks = {
  change: likelyMistakes,
  declared: (inputs: Properties, find: FindDeclaration, exists: boolean) => [
    ...startRemarks(inputs, find, exists),
    ...neverAgain(inputs, find, exists),
  ],
  state: closedGate,
};

type Arguments = RunArguments & { readonly triggers?: unknown };

/** Warns of triggers that start and pay for a run in each `up`, and of a wait in milliseconds. */
function likelyMistakes({ before, after }: ProgramChange<Arguments>, now: Date): PlanRemark[] {
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
function neverAgain({ deploymentId, triggers }: Properties, find: FindDeclaration, exists: boolean): PlanRemark[] {
  const { name, inputs: { agent } = {}, find: findOf = find } = find(deployments, deploymentId) ?? {};
  const used = findOf(agents, isObject(agent) ? agent["id"] : agent);
  return exists || triggers !== undefined || used === undefined
    ? []
    : [
        planWarning(
          "likely-mistake",
          `without triggers it runs once: a later change of the agent "${used.name}" of the deployment "${name}" starts no run. Write triggers: [agent.version]`,
        ),
      ];
}

/** Says what the start of a gate may cost. The runs of an evaluation, which need not pass, have a remark of their own. */
function startRemarks(
  { deploymentId, waitForResult }: Properties,
  find: FindDeclaration,
  exists: boolean,
): PlanRemark[] {
  if (exists || waitForResult === undefined || membersOf(waitForResult)["mustPass"] === false) {
    return [];
  }
  const deployment = find(deployments, deploymentId);
  const whose = deployment === undefined ? "" : ` of "${deployment.name}"`;
  return [planInfo("gate", `\`pulumi up\` starts a run${whose}, ${costText(deployment)}, and waits for its end`)];
}

function costText({ inputs, secrets }: Pick<FoundDeclaration, "inputs" | "secrets"> = { inputs: {}, secrets: [] }) {
  const { maxCreditCost: most } = membersOf(inputs["budget"]);
  if (typeof most !== "string" || containsUnknown(most)) {
    return "whose cost no budget of this program limits";
  }
  return secrets.includes("budget")
    ? "whose cost its secret budget limits"
    : `which may cost up to ${most} credits (budget)`;
}

/** Says that `up` will fail at a run whose recorded result the program does not accept, without another look at the service. */
function closedGate(outputs: Properties, wanted: Partial<RunArguments>, { id, urn }: RecordedResource): PlanRemark[] {
  const reason = closedBy(wanted, outputs);
  return reason === undefined || urn === undefined
    ? []
    : [
        planWarning(
          "gate",
          `this gate is closed, and \`pulumi up\` fails here: ${id} ${reason}. Other triggers, or \`pulumi up --replace '${urn}'\`, start another run and pay for it`,
        ),
      ];
}
