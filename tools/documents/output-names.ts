import { loadedKinds } from "../../provider/loaded-kinds";

/** The file with the names of all outputs: a program makes its resources without the rows, which load zod. */
export const outputNamesFile = "provider/kinds/output-names.ts";

/** As in biome.json. */
const lineWidth = 120;

export function outputNamesText(): string {
  const lines = Object.values(loadedKinds).map((load) => {
    const { fields, label, outputs } = load();
    const held = Object.keys(fields).filter((name) => fields[name]?.leftOut !== "ignored");
    const [left, right] = [`  ${label}:`, `"${[...new Set([...held, ...Object.keys(outputs)])].join(" ")}",\n`];
    return left.length + right.length > lineWidth ? `${left}\n    ${right}` : `${left} ${right}`;
  });
  return `// \`npm run documents\` writes this file from the rows of the kinds.

/** The names of the outputs of each class: its arguments, and what the service computes. */
export const outputNames: Readonly<Record<string, string>> = {
${lines.join("")}};
`;
}
