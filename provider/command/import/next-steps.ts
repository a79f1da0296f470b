import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { parseJson } from "../../api/foreign-text";
import { belowProject } from "./content-folder";
import { countsText, fileNames } from "./output";
import { referencesIn, type Takeover } from "./takeover";
import { optionalSecrets, settingNames } from "./texts";

/** The instructions for the written files. */
export function nextSteps(folder: string, taken: readonly Takeover[], workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const settings = settingNames(taken);
  const isReferring = taken.some(({ written }) => referencesIn(written).length > 0);
  const steps = [
    `add this line to the program:  import "${modulePath(folder)}${holdsEsModules(folder) ? ".js" : ""}";`,
    ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
    ...settings.map((name) => `pulumi config set --secret ${name}`),
    `pulumi import --file ${quoted(file ?? "")} --generate-code=false --protect=false --yes`,
    ...(settings.length > 0 ? sendingSteps(settings, isReferring) : quietSteps(isReferring)),
    ...secretSteps(optionalSecrets(taken)),
  ];
  return [
    `Wrote ${countsText(taken)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    ...contentTexts(folder, taken),
    ...taken.flatMap(noteTexts),
    "",
    "Next, in the folder of the Pulumi project, with Pulumi 3.254 or later:",
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
    "",
  ].join("\n");
}

function modulePath(folder: string): string {
  return [".", ...belowProject(folder), "deployments"].join("/");
}

/** The folders of the contents that the program names. */
function contentTexts(folder: string, taken: readonly Takeover[]): string[] {
  const isBelow = (name: string) => taken.some(({ written }) => `/${written["source"]}`.includes(`/${name}/`));
  const folders = ["skills", "files"].filter(isBelow).map((name) => join(folder, name));
  return folders.length === 0
    ? []
    : [`The contents are in ${folders.join(" and ")}: the program reads them, so they belong to the project.`];
}

/** The arguments that the program leaves to the service, and the other notes. */
function noteTexts({ object: { ignored, notes }, names: { identifier } }: Takeover): string[] {
  return [...ignored.values(), ...notes].map((text) => `${identifier}: ${text}`);
}

// An import records no dependencies (pulumi/pulumi pkg/resource/deploy/import.go), but the order of a removal follows them.
const order = "records which object needs which: a removal archives deployments before their agents and vaults";

function quietSteps(isReferring: boolean): string[] {
  return [
    "pulumi preview --expect-no-changes",
    ...(isReferring ? [`pulumi up, which sends nothing yet, but ${order}`] : []),
  ];
}

function sendingSteps(settings: readonly string[], isReferring: boolean): string[] {
  const [secrets, each] =
    settings.length === 1 ? ["the secret", "the secret"] : [`the ${settings.length} secrets`, "each secret"];
  return [
    `pulumi preview, which shows that \`pulumi up\` will send ${secrets}, and no other change`,
    `pulumi up, which sends ${each} once, as the API does not give it back${isReferring ? `, and ${order}` : ""}`,
  ];
}

function secretSteps(secrets: readonly string[]): string[] {
  const which = secrets.length === 1 ? "the secret" : `the ${secrets.length} secrets`;
  const members = [...new Set(secrets)].join(", ");
  return secrets.length === 0
    ? []
    : [
        `set ${which} that the API does not give back (${members}), at the comments in deployments.ts, and run \`pulumi up\``,
      ];
}

// A word in quotes if a shell would split or change it.
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const packageSchema = z.looseObject({ type: z.literal("module") });

/** Whether files in this folder are ES modules, according to the nearest package.json ("Node.js: Packages", `type`). */
function holdsEsModules(folder: string): boolean {
  const file = join(folder, "package.json");
  if (existsSync(file)) {
    return packageSchema.safeParse(parseJson(readFileSync(file, "utf8")).value).success;
  }
  const parent = dirname(resolve(folder));
  return parent !== resolve(folder) && holdsEsModules(parent);
}
