import { isAbsolute, join, relative, sep } from "node:path";
import { jsonText, printable } from "../terminal";
import { fileNames, type Texts } from "./files";
import type { ImportKind } from "./import-kind";
import { importKinds } from "./kinds";
import { holdsEsModules } from "./module-kind";
import { missingSecrets } from "./program-text";
import type { CutOff } from "./select";
import { type LeftOut, referencesIn, type Takeover } from "./takeover";

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

/** What to do with the written files. */
export function nextSteps(folder: string, taken: readonly Takeover[], workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const steps = [
    `add this line to the program:  import "${modulePath(folder)}${holdsEsModules(folder) ? ".js" : ""}";`,
    ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
    `pulumi import --file ${quoted(file ?? "")} --generate-code=false --protect=false --yes`,
    "pulumi preview --expect-no-changes",
    ...(taken.some(({ written }) => referencesIn(written).length > 0) ? [orderStep] : []),
    ...secretSteps(missingSecrets(taken)),
  ];
  return [
    `Wrote ${countsText(taken)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    "",
    "Next, in the folder of the Pulumi project, with Pulumi 3.254 or later:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ].join("\n");
}

// Whoever names a folder elsewhere names the one of the project.
function modulePath(folder: string): string {
  const below = relative(process.cwd(), folder);
  const isElsewhere = isAbsolute(below) || below.split(sep).includes("..");
  return [".", ...(isElsewhere ? [] : below.split(sep)), "deployments"].filter((part) => part !== "").join("/");
}

// An import records no dependencies (pulumi/pulumi pkg/resource/deploy/import.go), and a removal goes by them.
const orderStep =
  "pulumi up, which sends nothing yet, but records what needs what: a removal archives deployments before their agents";

function secretSteps(secrets: readonly string[]): string[] {
  const which = secrets.length === 1 ? "the secret" : `the ${secrets.length} secrets`;
  const members = [...new Set(secrets)].join(", ");
  return secrets.length === 0
    ? []
    : [
        `set ${which} that the API does not give back (${members}), at the comments in deployments.ts, and run \`pulumi up\``,
      ];
}

// What a shell takes apart, people quote.
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

export function leftOutText({ id, name, reasons }: LeftOut): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return [`Left out: ${shown}`, ...reasons.map((reason) => `  ${printable(reason)}`), ""].join("\n");
}

export function cutOffText({ kind: { noun, idPrefix }, reason }: CutOff): string {
  return `Not all ${noun}s were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (${idPrefix}...)\n`;
}

/** `6 agents, 3 environments and 15 deployments` */
export function countsText(taken: readonly Takeover[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([kind, count]) => countText(kind, count));
  return new Intl.ListFormat("en-GB").format(texts);
}

export function countText({ noun }: ImportKind, count: number): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
