import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { pulumiCli } from "../pulumi-cli";
import { type Cell, cells } from "./cells";
import { repository, runCell, Workshop } from "./run-cell";
import { page, row } from "./table";
import { versionsOf } from "./tools";

// `npm run matrix` runs all rows and writes the page; `npm run matrix -- pnpm` runs only rows with this word and writes nothing.

/** The difference between the run and the row of the cell; undefined if there is none. */
async function deviation(cell: Cell, workshop: Workshop): Promise<string | undefined> {
  try {
    const { withSecret } = await runCell(cell, workshop);
    if (withSecret.length > 0) {
      return `a secret is in plain text in ${withSecret.join(", ")}`;
    }
    return cell.fails === undefined ? undefined : "it works now: take `fails` out of its row";
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return cell.fails !== undefined && message.includes(cell.fails.says) ? undefined : message;
  }
}

async function main(words: readonly string[]): Promise<void> {
  const chosen = cells.filter((cell) => words.every((word) => row(cell).includes(word)));
  const workshop = await Workshop.open();
  try {
    for (const [index, cell] of chosen.entries()) {
      const problem = await deviation(cell, workshop);
      console.log(`${index + 1}/${chosen.length} ${row(cell)}${problem === undefined ? "" : `\n  NOT SO: ${problem}`}`);
      process.exitCode = problem === undefined ? process.exitCode : 1;
    }
    if (words.length === 0 && process.exitCode === undefined) {
      const { version } = await pulumiCli();
      const nodes = await versionsOf([...new Set(cells.map(({ node }) => node))].sort(), workshop.folder);
      writeFileSync(join(repository, "docs", "reference", "installs.md"), page(cells, `Pulumi ${version}, ${nodes}`));
    }
  } finally {
    workshop.close();
  }
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
