// Prints what a command says, in lines that a runner shows and does not obey: names and texts in them may be somebody else's.
// Usage: COMMAND 2>&1 | node ci/print.mjs
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// A name or a message could clear the screen, turn the line around or add lines to a report.
const acting = /[^\P{Cc}\t]|[\p{Zl}\p{Zp}\p{Bidi_Control}]/gu;

// GitHub obeys a line that begins with `::` after white space, and `##[` anywhere (ActionCommand.cs of actions/runner, which may also
// skip characters that nobody sees). Azure Pipelines obeys `##vso[`, TeamCity `##teamcity[`.
const colons = /^([\s\p{DI}]*:)(?=\p{DI}*:)/u;
const hashes = /#(?=\p{DI}*#[\w\p{DI}]*\[)/gu;

/** The text on one line, which no terminal and no runner obeys. */
export function harmless(text) {
  const shown = text.toWellFormed().replace(acting, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return shown.replace(colons, "$1 ").replace(hashes, "# ");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for await (const line of createInterface({ input: process.stdin })) {
    console.log(harmless(line));
  }
}
