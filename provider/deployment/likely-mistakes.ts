import { counted } from "../api/clock";
import { deployments } from "../kinds/table";
import { brokenTokens } from "../resource/check/texts";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import type { ProgramChange } from "../resource/kind/kind";
import { containsUnknown, membersOf, same } from "../resource/kind/program-values";
import type { DeploymentArguments } from "./argument-rows";

/** A model reads about four characters of English as one token, and the largest models take a million ("Models"). */
const mostCharacters = 500_000;

/** Warns of new values that the service takes, and that probably no run should have. */
export function likelyMistakes({ before, after, inputs }: ProgramChange<DeploymentArguments>): PlanRemark[] {
  const { initialEvents, limits, resources } = after;
  const isNew = (name: keyof DeploymentArguments) => !same(before[name], after[name]) && !containsUnknown(inputs[name]);
  return [
    ...(isNew("initialEvents") ? eventMistakes(initialEvents ?? []) : []),
    ...(isNew("limits") ? limitMistakes(limits ?? {}) : []),
    ...(isNew("resources") ? brokenTokens("resources", resources, deployments.secretMembers.resources) : []),
  ];
}

function eventMistakes(events: NonNullable<DeploymentArguments["initialEvents"]>): PlanRemark[] {
  const characters = JSON.stringify(events, withoutMedia).length;
  return characters <= mostCharacters
    ? []
    : [
        planWarning(
          "likely-mistake",
          `initialEvents: each run sends ${counted(characters, "character")}, which may be more than its model takes; give a file in resources`,
        ),
      ];
}

/** The base64 text of an image or a document becomes other tokens than its characters. */
function withoutMedia(_: string, member: unknown): unknown {
  return membersOf(member)["type"] === "base64" ? undefined : member;
}

function limitMistakes({ creditsPerDay: day, creditsPerMonth: month }: NonNullable<DeploymentArguments["limits"]>) {
  return day === undefined || month === undefined || day <= month
    ? []
    : [
        planWarning(
          "likely-mistake",
          `limits: creditsPerDay (${day}) is above creditsPerMonth (${month}), so the day has no limit of its own`,
        ),
      ];
}
