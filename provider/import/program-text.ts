import { type Comments, objectLiteral } from "./literal";
import type { Takeover } from "./takeover";

/** Constants are exported, so that other files of the program can use the resources. */
export function programText(takeovers: readonly Takeover[]): string {
  return [header, ...takeovers.map(declarationText)].join("\n");
}

const header = `// Written by \`npx pulumi-qoder import\`. These deployments exist: run \`pulumi import\` with the file import.json that was
// written beside this one before the first \`pulumi up\`, which would otherwise create each of them a second time.
import { QoderDeployment } from "pulumi-qoder";
`;

function declarationText({ arguments: inputs, names }: Takeover): string {
  const { name, ...others } = inputs;
  const declared = name === names.resource ? others : inputs;
  const args = objectLiteral(declared, "", missingTokens(inputs.resources ?? []));
  return `export const ${names.identifier} = new QoderDeployment(${JSON.stringify(names.resource)}, ${args});\n`;
}

const tokenLines: Readonly<Record<string, readonly string[]>> = {
  github_repository: [
    "The API does not give the token back. If this repository needs one, set it as the first change after the import:",
    'authorizationToken: config.requireSecret("githubToken"),',
  ],
  git_repository: [
    "The API does not give the password back. If this repository needs one, set it as the first change after the import:",
    'password: config.requireSecret("gitPassword"),',
  ],
};

function missingTokens(resources: readonly { readonly type: string }[]): Comments {
  return new Map(
    resources.flatMap((resource) => {
      const lines = tokenLines[resource.type];
      return lines === undefined ? [] : [[resource, lines] as const];
    }),
  );
}

/** How many repositories the program declares without a token that they may have. */
export function missingTokenCount(takeovers: readonly Takeover[]): number {
  return takeovers.reduce((sum, { arguments: { resources = [] } }) => sum + missingTokens(resources).size, 0);
}
