/** What became of one mutant. */
export interface Verdict {
  /** The name of the mutant, the same in other states of the sources. */
  readonly key: string;
  /** File and line. */
  readonly place: string;
  /** The line, and the line with the defect. */
  readonly shown: string;
  /** The test that failed first; absent if none failed. */
  readonly killedBy?: string;
  /** The number of test files with a test that evaluates the mutant. */
  readonly files: number;
  readonly seconds: number;
}

export function resultTable(verdicts: readonly Verdict[]): string {
  const killed = verdicts.filter(({ killedBy }) => killedBy !== undefined);
  const survived = verdicts.filter(({ killedBy }) => killedBy === undefined);
  return [
    `${killed.length} killed, ${survived.length} survived`,
    "",
    "| survived | with the defect | reached by |",
    "|---|---|---|",
    ...survived.map(({ place, shown, files }) => `| ${place} | ${cell(shown)} | ${files} files |`),
    "",
    "| killed | with the defect | by | s |",
    "|---|---|---|---|",
    ...killed.map(({ place, shown, killedBy = "", seconds }) => {
      return `| ${place} | ${cell(shown)} | ${killedBy.replaceAll("|", "\\|")} | ${seconds} |`;
    }),
    "",
  ].join("\n");
}

function cell(shown: string): string {
  const [before = "", after = ""] = shown.split("\n");
  return `\`${before}\` → \`${after}\``.replaceAll("|", "\\|");
}

/** What died before and lives now, by the places of today. */
export function worse(before: readonly Verdict[], now: readonly Verdict[]): readonly string[] {
  const dead = new Set(before.filter(({ killedBy }) => killedBy !== undefined).map(({ key }) => key));
  return now
    .filter(({ key, killedBy }) => killedBy === undefined && dead.has(key))
    .map(({ place, shown }) => `${place}  ${shown.replace("\n", "  →  ")}`);
}
