/** The document with this transcript between the comments of its name. */
export function withTranscript(file: string, content: string, name: string, transcript: string): string {
  const [start, end] = marks(name);
  return content.replace(between(file, content, name), () => `${start}${transcript.trimEnd()}${end}`);
}

/** The transcript that a document shows. */
export function transcriptIn(file: string, content: string, name: string): string {
  const [start, end] = marks(name);
  return between(file, content, name).slice(start.length, -end.length);
}

/** The names of the transcripts in a document. */
export function transcriptNamesIn(content: string): string[] {
  return [...content.matchAll(/^<!-- transcript ([\w-]+) -->$/gm)].map(([, name = ""]) => name);
}

function marks(name: string): [start: string, end: string] {
  return [`<!-- transcript ${name} -->\n\`\`\`\n`, `\n\`\`\`\n<!-- /transcript ${name} -->`];
}

function between(file: string, content: string, name: string): string {
  const [start, end] = marks(name);
  const from = content.indexOf(start);
  const to = content.indexOf(end, from);
  if (from < 0 || to < 0) {
    throw new Error(`${file} has no place for the transcript ${name}`);
  }
  return content.slice(from, to + end.length);
}

const day = String.raw`\w{3} \d{4}-\d\d-\d\d`;

/** The parts that differ between runs and days. */
const passing: readonly (readonly [RegExp, string])[] = [
  [/\b(dep|agent|env)_[0-9a-f]{32}/g, "$1_ID"],
  [/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID"],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "TIME"],
  // The next change of the clocks comes first.
  [new RegExp(`skip [\\d:]+ on ${day} and show [\\d:]+ twice on ${day}`, "g"), "CHANGES"],
  [new RegExp(`show [\\d:]+ twice on ${day} and skip [\\d:]+ on ${day}`, "g"), "CHANGES"],
  // The time in UTC differs in summer, and with it perhaps the day.
  [/\((?:\w{3} )?(?:\d{4}-\d\d-\d\d )?\d\d:\d\d UTC\)/g, "(UTC)"],
  [new RegExp(day, "g"), "DAY"],
  [/\(\d+(\.\d+)?s\)/g, "(SECONDS)"],
];

/** The transcript without the parts that differ, and sorted, because independent resources come in any order. */
export function lasting(transcript: string): string {
  const lines = passing.reduce((text, [pattern, instead]) => text.replaceAll(pattern, instead), transcript).split("\n");
  return lines
    .filter((line) => line.trim() !== "")
    .sort()
    .join("\n");
}

/** The text of a picture without the parts that differ. */
export function lastingPicture(svg: string): string {
  return lasting(svg.replaceAll(/<style>.*<\/style>|<[^>]*>|\n/g, ""));
}
