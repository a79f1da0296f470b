import type { Command } from "../engine/command";
import type { ResourceKind } from "../kind";
import { type PlanRemark, planWarning } from "../plan-remark";
import type { Properties } from "../program-values";
import { formatPath } from "./problems";
import { secretIn } from "./secret-text";

/** Warns of values that look like secrets and that the program does not mark as secret: the state keeps them in plain text. */
export function plainSecrets(
  { fields }: ResourceKind,
  given: Properties,
  { secretPlaces }: Pick<Command, "secretPlaces">,
): PlanRemark[] {
  const secret = secretPlaces.map((path) => formatPath(path));
  const within = (value: unknown, path: readonly PropertyKey[], hidden: readonly string[]): PlanRemark[] => {
    const place = formatPath(path);
    if (secret.includes(place)) {
      return [];
    }
    if (typeof value !== "object" || value === null) {
      return typeof value === "string" ? plainSecret(place, value) : [];
    }
    return Object.entries(value).flatMap(([name, member]) => {
      const ofName = plainSecret(place, name);
      const next = [...path, Array.isArray(value) ? Number(name) : name];
      return ofName.length > 0 || hidden.includes(name) ? ofName : within(member, next, hidden);
    });
  };
  return Object.entries(fields).flatMap(([name, { secretMembers = [] }]) => within(given[name], [name], secretMembers));
}

function plainSecret(place: string, text: string): PlanRemark[] {
  const what = secretIn(text);
  const remedy = 'write config.requireSecret("...") or pulumi.secret(...), or give it in a QoderVaultCredential';
  return what === undefined
    ? []
    : [
        planWarning(
          "plain-secret",
          `${place}: contains what looks like ${what}, which the state keeps in plain text; ${remedy}`,
        ),
      ];
}
