import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QoderError } from "../api/errors";
import type { LeftOut } from "./takeover";

/** The two texts that belong together, by file name. */
export interface Texts {
  readonly "deployments.ts": string;
  readonly "import.json": string;
}

const fileNames = ["deployments.ts", "import.json"] as const;

/** Asked before anything is read: a long run is not to end at this. */
export function refuseExisting(folder: string): void {
  const existing = fileNames.map((name) => join(folder, name)).filter((file) => existsSync(file));
  if (existing.length > 0) {
    throw new QoderError(`${existing.join(" and ")} would be replaced; choose another folder, or add --force`);
  }
}

export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  mkdirSync(folder, { recursive: true });
  for (const name of fileNames) {
    writeFileSync(join(folder, name), texts[name], { flag: force ? "w" : "wx" });
  }
}

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

/** What to do with the written files. */
export function nextSteps(folder: string, count: number, tokens: number, workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const steps = [
    'add this line to the program:  import "./deployments";',
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
  const shown = name === undefined ? id : `${id} ${JSON.stringify(name)}`;
  return [`Left out: ${shown}`, ...reasons.map((reason) => `  ${reason}`), ""].join("\n");
}

export function deployments(count: number): string {
  return count === 1 ? "1 deployment" : `${count} deployments`;
}
