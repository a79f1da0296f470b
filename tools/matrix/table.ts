import type { Cell } from "./cells";
import { otherManagers } from "./tools";

/** The row of a cell in docs/reference/installs.md. */
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

/** The distinct values of the cells that work, in the order of the cells. */
function working(cells: readonly Cell[], value: (cell: Cell) => string | undefined): string {
  const values = cells.filter(({ fails }) => fails === undefined).map(value);
  return [...new Set(values.filter((one) => one !== undefined))].join(", ");
}

/** The page docs/reference/installs.md, written after a run in which each cell matched its row. */
export function page(cells: readonly Cell[], versions: string): string {
  const failing = cells.filter(({ fails }) => fails !== undefined);
  return `# Installs

[The README](../../README.md#install) has the versions. All tests run on Linux.
Tested with ${versions}:

- installed by ${working(cells, ({ manager }) => manager.split(",")[0])},
- programs in ${working(cells, ({ program }) => program.split(",")[0])}, with TypeScript 3.8 (which Pulumi brings), ${working(cells, ({ typescript }) => typescript)},
- compiled by Pulumi's ts-node, by tsx, or by Node.js itself,
- with a transform, after which no file of the state has a secret of the deployment in plain text,
- Node.js and \`@pulumi/pulumi\`: ${working(cells, ({ node, sdk }) => `${node} / ${sdk}`)}.

## The CLI of the tests

Where the tests can, they download the vendor's CLI. The table and \`bench/\` were made with a CLI built from the Go modules: the engine of the version above, and
the language hosts 3.68.0 (May 2023; Go: 3.60.0), the last ones that a module proxy has. No user has that pair. With it, resource hooks and \`registerResourceTransform\` end with
\`UNIMPLEMENTED\`, so no test covers these two.

## Exceptions

| installed by | program | TypeScript | Node.js / SDK | result |
|---|---|---|---|---|
${rows(failing).join("\n")}

## Notes

- For ES modules, add \`ts-node\` to \`npm install\`, then run \`npm pkg set type=module\`.
- Keep \`typescript@5\` in the project. Without it Pulumi compiles with TypeScript 3.8, which refuses newer syntax. Pulumi cannot load TypeScript 7.
- \`pulumi new PATH/examples/template --generate-only\` copies [a template](../../examples/template). Until the first release, ignore the hint \`pulumi install\` and run
  \`npm install PATH/pulumi-qoder-0.1.0.tgz\` instead.

To use tsx or Node.js itself, set runtime options in \`Pulumi.yaml\`. Neither checks types, so also run \`tsc --noEmit\`:

\`\`\`yaml
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import tsx # leave out for Node.js itself, which removes types from 22.18 on
\`\`\`
`;
}
