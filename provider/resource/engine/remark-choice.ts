import { isRemarkKind, type PlanRemark, type RemarkKind, remarkKinds } from "../plan-remark";

export interface RemarkChoice {
  readonly level: "none" | "warnings" | "all";
  readonly quiet: readonly RemarkKind[];
}

const levels = ["all", "warnings", "none"] as const;

/** Reads `qoder:remarks`: one of three words, and kinds to keep quiet, with commas between them. */
export function remarkChoice(setting: string): RemarkChoice {
  const words = wordsOf(setting);
  return { level: levels.find((level) => words.includes(level)) ?? "all", quiet: words.filter(isRemarkKind) };
}

export function remarkChoiceProblem(setting: string): string | undefined {
  const unknown = wordsOf(setting).filter((word) => !isRemarkKind(word) && !isLevel(word));
  return unknown.length === 0
    ? undefined
    : `qoder:remarks has ${unknown.map((word) => `"${word}"`).join(", ")}; it takes ${levels.join(", ")}, and with commas the kinds of remarks to keep quiet: ${remarkKinds.join(", ")}`;
}

export function isWanted({ severity, kind }: Pick<PlanRemark, "severity" | "kind">, choice: RemarkChoice): boolean {
  return isOfLevel(severity, choice) && !choice.quiet.includes(kind);
}

export function isOfLevel(severity: PlanRemark["severity"], { level }: RemarkChoice): boolean {
  return level === "all" || (level === "warnings" && severity === "warning");
}

function wordsOf(setting: string): string[] {
  return setting
    .split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

function isLevel(word: string): boolean {
  return levels.some((level) => level === word);
}
