import { waitText } from "../../provider/api/clock";
import { byHarm, type Finding } from "./findings";

interface Summary {
  readonly version: string;
  readonly date: string;
  /** The edition of the service, never the name of a private host. */
  readonly edition: string;
  readonly withRun: boolean;
  readonly tookMs: number;
  readonly findings: readonly Finding[];
  /** The number of objects of the probe that may still be alive. */
  readonly alive: number;
  readonly ended: "as planned" | "early";
}

interface Section {
  readonly result: Finding["result"];
  readonly title: string;
  readonly columns: readonly string[];
  readonly cells: (finding: Finding) => readonly string[];
}

const answered = ["what the service answered", "what the package does then"];

const sections: readonly Section[] = [
  {
    result: "differs",
    title: "Differs",
    columns: ["severity", ...answered, "what you can do"],
    cells: ({ harm, seen, consequence, remedy }) => [harm, seen, consequence, remedy],
  },
  { result: "holds", title: "Holds", columns: answered, cells: ({ seen, consequence }) => [seen, consequence] },
  {
    result: "not tried",
    title: "Not tried",
    columns: ["why", "what the package does meanwhile"],
    cells: ({ seen, consequence }) => [seen, consequence],
  },
];

/**
 * The report, which a person may send to anybody: it contains no id, no token, no name of an account and no text of the
 * service.
 */
export function report(summary: Summary): string {
  const { version, date, edition, withRun, tookMs, findings, alive, ended } = summary;
  const [differ, hold, untried] = sections.map(({ result }) => count(findings, result));
  const counts = `${differ} answers differ from what the package counts on, ${hold} hold, and ${untried} questions were not tried`;
  return [
    `# What the Qoder API answered on ${date}`,
    "",
    `\`pulumi-qoder ${version}\` asked ${edition} what its documentation leaves open (docs/assumptions.md).`,
    "",
    `${counts}. The probe ended ${ended} after ${waitText(tookMs)}, ${withRun ? "and started a run" : "without a run"}. ${leftText(alive)}`,
    "This file holds no id, no token and no text of the service.",
    ...sections.flatMap(({ result, title, columns, cells }) => {
      const of = byHarm(findings.filter((finding) => finding.result === result));
      const names = ["row", "question", ...columns];
      const head = ["", `## ${title}`, "", `| ${names.join(" | ")} |`, `|${"---|".repeat(names.length)}`];
      const line = (finding: Finding) => [`\`${finding.row.name}\``, finding.row.question, ...cells(finding)];
      return of.length === 0 ? [] : [...head, ...of.map((finding) => `| ${line(finding).map(cell).join(" | ")} |`)];
    }),
    "",
  ].join("\n");
}

function count(findings: readonly Finding[], result: Finding["result"]): number {
  return findings.filter((finding) => finding.result === result).length;
}

function leftText(alive: number): string {
  return alive === 0
    ? "All that the probe made is archived or deleted."
    : `${alive} ${alive === 1 ? "object of it may" : "objects of it may"} still be alive.`;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replace(/\s+/g, " ");
}
