import type { Cell } from "./cells";
import { otherManagers } from "./tools";

/** The row of a cell in docs/install-matrix.md. */
export function row(cell: Cell): string {
  return rowOf(cell, [cell]);
}

/** One row for cells that differ only in Node.js and the SDK. */
function rowOf({ manager, program, typescript, moduleResolution, fails }: Cell, alike: readonly Cell[]): string {
  const other = otherManagers[manager];
  const installer = other === undefined ? manager : manager.replace(other.command, `${other.command} ${other.version}`);
  const compiler = program.startsWith("TypeScript") ? (typescript ?? "none: 3.8, which Pulumi brings") : "";
  const settings = moduleResolution === undefined ? "" : `, \`moduleResolution: ${moduleResolution}\``;
  const versions = alike.map(({ node, sdk }) => `${node} / ${sdk}`).join(", ");
  const result = fails === undefined ? "works" : `no: \`${fails.says}\`. Instead: ${fails.instead}`;
  return `| ${[installer, program, compiler + settings, versions, result].join(" | ")} |`;
}

function rows(cells: readonly Cell[]): string[] {
  const likeness = ({ node: _, sdk: __, ...others }: Cell) => JSON.stringify(Object.entries(others).sort());
  const firsts = new Map(cells.toReversed().map((cell) => [likeness(cell), cell]));
  return cells
    .filter((cell) => firsts.get(likeness(cell)) === cell)
    .map((first) =>
      rowOf(
        first,
        cells.filter((cell) => likeness(cell) === likeness(first)),
      ),
    );
}

/** The page docs/install-matrix.md, written after a run in which each cell matched its row. */
export function page(cells: readonly Cell[], versions: string): string {
  return `# Where it installs and runs

\`npm run matrix\` installs the packed package into a fresh project for each cell of this table. Then a program with a deployment, an environment, a
look-up and \`nextRuns\` runs \`pulumi preview\`, \`pulumi up\` and \`pulumi destroy\` with the real CLI, against the stand-in for the API. Pulumi's ts-node
compiles TypeScript with the settings of Pulumi's template, unless the row names another way. Programs in YAML and Python use the
[plugin](languages.md) of the package, which has no \`nextRuns\`; the program in Python uses an SDK that Pulumi generates from the plugin's schema.

| installed by | program | TypeScript | Node.js / \`@pulumi/pulumi\` | |
|---|---|---|---|---|
${rows(cells).join("\n")}

Run with ${versions}.

To use tsx or Node.js itself, set runtime options in \`Pulumi.yaml\`. Neither checks types, so also run \`tsc --noEmit\`:

\`\`\`yaml
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import tsx # leave out for Node.js itself, which removes types from 22.18 on
\`\`\`

Bun as the runtime of the program (\`runtime: bun\`) is not tested.
`;
}
