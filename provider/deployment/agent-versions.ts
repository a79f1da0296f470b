import { changesOf } from "../agent/version-changes";
import { fromWireCase } from "../resource/fields/members";
import { membersOf, type Properties } from "../resource/program-values";

/** The members of a version that no program writes. */
const ofService = ["id", "type", "version", "createdAt", "updatedAt", "archivedAt"];

const mostLines = 40;

/** The difference between two versions of an agent, in lines. No line shows the value of a `hidden` argument. */
export function versionDifference(before: unknown, after: unknown, hidden: ReadonlySet<string>): string[] {
  const changes = changesOf(argumentsOf(before), argumentsOf(after));
  const lines = changes.flatMap(({ argument, lines: changed }) =>
    hidden.has(argument) ? [`${argument}: [secret]`] : [argument, ...changed.map((line) => `  ${line}`)],
  );
  const more = lines.length - mostLines;
  return more > 0 ? [...lines.slice(0, mostLines), `... ${more} more lines: \`npx pulumi-qoder versions\``] : lines;
}

function argumentsOf(version: unknown): Properties {
  const members = Object.entries(membersOf(fromWireCase(version)));
  return Object.fromEntries(members.filter(([name]) => !ofService.includes(name)));
}
