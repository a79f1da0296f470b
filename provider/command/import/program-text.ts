import { deploymentKind } from "../../deployment/kind";
import type { DeploymentArguments } from "../../deployment/values";
import { argumentNames } from "../../resource/kind";
import { memberNames } from "../../resource/suggestion";
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
  const args = objectLiteral(declared, "", missingSecrets(inputs));
  return `export const ${names.identifier} = new QoderDeployment(${JSON.stringify(names.resource)}, ${args});\n`;
}

/** What is secret no reply shows, so nobody can tell whether it is set. */
function missingSecrets(inputs: Partial<DeploymentArguments>): Comments {
  const lines = argumentNames(deploymentKind).flatMap((name) => {
    const { schema, secretMembers = [] } = deploymentKind.fields[name];
    const value = inputs[name];
    const elements: readonly unknown[] = Array.isArray(value) ? value : [];
    return elements.map((element) => {
      const possible = memberNames(schema, [0], element).filter((member) => secretMembers.includes(member));
      return [element, possible.flatMap(commentOn)] as const;
    });
  });
  return new Map(lines.filter(([, comment]) => comment.length > 0));
}

function commentOn(member: string): string[] {
  return [
    `The API does not give ${member} back. If it is needed here, set it as the first change after the import:`,
    `${member}: config.requireSecret("${member}"),`,
  ];
}

/** How many repositories the program declares without a token that they may have. */
export function missingTokenCount(takeovers: readonly Takeover[]): number {
  return takeovers.reduce((sum, { arguments: inputs }) => sum + missingSecrets(inputs).size, 0);
}
