import { join } from "node:path";
import { fileNames, type Texts } from "./files";
import { holdsEsModules } from "./module-kind";
import { jsonText, printable } from "./printable";
import type { LeftOut } from "./takeover";

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

/** What to do with the written files. */
export function nextSteps(folder: string, count: number, tokens: number, workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const steps = [
    `add this line to the program:  import "./deployments${holdsEsModules(folder) ? ".js" : ""}";`,
    ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
    `pulumi import --file ${quoted(file ?? "")} --generate-code=false --protect=false --yes`,
    "pulumi preview --expect-no-changes",
    ...(tokens === 0 ? [] : [tokenStep(tokens)]),
  ];
  return [
    `Wrote ${deployments(count)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    "",
    "Next, in the folder of the Pulumi project, with Pulumi 3.254 or later:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ].join("\n");
}

function tokenStep(tokens: number): string {
  const which = tokens === 1 ? "the repository token" : `the ${tokens} repository tokens`;
  return `set ${which} that the API does not give back, at the comments in deployments.ts, and run \`pulumi up\``;
}

// What a shell takes apart, people quote.
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function leftOutText({ id, name, reasons }: LeftOut): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return [`Left out: ${shown}`, ...reasons.map((reason) => `  ${printable(reason)}`), ""].join("\n");
}

export function cutOffText(reason: string): string {
  return `Not all deployments were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (dep_...)\n`;
}

export function deployments(count: number): string {
  return count === 1 ? "1 deployment" : `${count} deployments`;
}
