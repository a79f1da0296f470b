/** What a look-up found, in place of an id and a version, means the version that the skill has now. */
export function lookedUpSkill(given: unknown): unknown {
  return isLookedUp(given) ? skillReference(Reflect.get(given, "type"), given) : given;
}

// Member by member: in the preview of changed files only the version is not known.
export function skillReference(type: unknown, skill: object) {
  return { type, skillId: Reflect.get(skill, "id"), version: Reflect.get(skill, "latestVersion") };
}

/** Nobody writes this member by hand, and `getSkill` finds it with every skill. */
function isLookedUp(given: unknown): given is object {
  return typeof given === "object" && given !== null && "displayTitle" in given;
}
