import { jsonText } from "../terminal";
import { objectLiteral } from "./literal";
import type { Takeover } from "./takeover";

/** Constants are exported, so that other files of the program can use the resources. */
export function programText(takeovers: readonly Takeover[]): string {
  const identifiers = new Map(takeovers.map(({ object: { id }, names: { identifier } }) => [id, identifier]));
  const labels = [...new Set(takeovers.map(({ object: { kind } }) => kind.label))].sort();
  const declarations = takeovers.map((takeover) => declarationText(takeover, identifiers));
  return [`${header}import { ${labels.join(", ")} } from "pulumi-qoder";\n`, ...declarations].join("\n");
}

const header = `// Written by \`npx pulumi-qoder import\`. All of this exists: run \`pulumi import\` with the file import.json that was written
// beside this one before the first \`pulumi up\`, which would otherwise create each a second time.
`;

function declarationText(
  { object: { kind, comments }, names, written }: Takeover,
  identifiers: ReadonlyMap<string, string>,
): string {
  const { name, ...others } = written;
  const declared = name === names.resource ? others : written;
  const args = objectLiteral(declared, "", { comments, identifiers });
  return `export const ${names.identifier} = new ${kind.label}(${jsonText(names.resource)}, ${args});\n`;
}

/** The names of the secrets that the program may need and does not hold, each as often as it does. */
export function missingSecrets(takeovers: readonly Takeover[]): string[] {
  return takeovers.flatMap(({ object: { comments } }) => [...comments.values()].flatMap(({ secrets }) => secrets));
}
