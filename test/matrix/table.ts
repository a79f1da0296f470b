import type { Cell } from "./cells";
import { otherManagers } from "./tools";

/** The row of a cell in docs/install-matrix.md. */
export function row({ manager, program, typescript, moduleResolution, node, sdk, fails }: Cell): string {
  const other = otherManagers[manager];
  const installer = other === undefined ? manager : manager.replace(other.command, `${other.command} ${other.version}`);
  const compiler = program.startsWith("TypeScript") ? (typescript ?? "none: 3.8, which Pulumi brings") : "";
  const settings = moduleResolution === undefined ? "" : `, \`moduleResolution: ${moduleResolution}\``;
  const result = fails === undefined ? "works" : `no: \`${fails.says}\`. Instead: ${fails.instead}`;
  return `| ${[installer, program, compiler + settings, node, sdk, result].join(" | ")} |`;
}

/** The whole page, as a run writes it in which every cell did what its row says. */
export function page(cells: readonly Cell[], versions: string): string {
  return `# Where it installs and runs

Made by \`npm run matrix\`: the packed package is installed into a fresh project, and a program with a deployment, an environment, a
look-up and \`nextRuns\` goes through \`pulumi preview\`, \`pulumi up\` and \`pulumi destroy\` with the real CLI, against the stand-in for the
API. TypeScript programs are checked by Pulumi's ts-node with the settings of Pulumi's own template, where nothing else is named.

| installed by | program | TypeScript | Node.js | \`@pulumi/pulumi\` | |
|---|---|---|---|---|---|
${cells.map(row).join("\n")}

Run with ${versions}.

tsx and Node.js itself are runtime options, in \`Pulumi.yaml\`; neither checks types, so \`tsc --noEmit\` does that beside them:

\`\`\`yaml
runtime:
  name: nodejs
  options:
    typescript: false
    nodeargs: --import tsx # not for Node.js itself, which takes the types out from 22.18 on
\`\`\`

Not tried: Bun as the runtime of the program (\`runtime: bun\`), for which the CLI needs a host that cannot be built from Go modules.
`;
}
