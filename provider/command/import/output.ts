import { randomUUID } from "node:crypto";
import { closeSync, existsSync, lstatSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { counted } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { parseJson } from "../../api/foreign-text";
import { attempt } from "../files";
import { lines, printable, shown } from "../words";
import { belowProject, makeFolder, neither } from "./content-folder";
import { importKinds } from "./kinds";
import type { CutOff } from "./select";
import { kindWord, type Source } from "./sources";
import { type LeftOut, referencesIn, type Takeover } from "./takeover";
import { optionalSecrets, plainSettingNames, settingNames } from "./texts";

const fileNames = ["deployments.ts", "import.json"] as const;

/** The program and its import file, by file name. */
export type Texts = Readonly<Record<(typeof fileNames)[number], string>>;

/** Throws if a file exists. Called before the first request, so that a long run does not end with this error. */
export function refuseExisting(folder: string): void {
  const existing = fileNames.map((name) => join(folder, name)).filter(isTaken);
  if (existing.length > 0) {
    throw new QoderError(`${existing.join(" and ")} would be replaced; choose another folder, or add --force`);
  }
}

// Not `existsSync`, which follows symbolic links: a broken link would also be in the way.
function isTaken(file: string): boolean {
  return attempt(`${file} cannot be written`, () => lstatSync(file, { throwIfNoEntry: false }) !== undefined, neither);
}

/** Writes both files or neither: a program without its import file would create all objects a second time. */
export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  makeFolder(resolve(folder));
  const made: string[] = [];
  try {
    const written = fileNames.map((name) => {
      const file = join(folder, name);
      // Overwriting a file would keep its mode and follow a symbolic link.
      const draft = force ? `${file}.${randomUUID()}` : file;
      attempt(`${file} cannot be written`, () => writeNew(draft, texts[name], made), neither);
      return { draft, file };
    });
    const replaced: string[] = [];
    for (const { draft, file } of written.filter(() => force)) {
      const so = replaced.length === 0 ? neither : `${replaced.join(" and ")} was replaced`;
      attempt(`${file} cannot be replaced`, () => renameSync(draft, file), so);
      replaced.push(file);
    }
  } catch (error) {
    for (const file of made) {
      rmSync(file, { force: true });
    }
    throw error;
  }
}

/**
 * Creates a file that only its owner may read, because the texts contain environment variables. Never follows a symbolic link
 * (open(2), O_EXCL).
 */
function writeNew(file: string, text: string, made: string[]): void {
  const opened = openSync(file, "wx", 0o600);
  made.push(file);
  try {
    // Some file systems report a full disk only at this point (fsync(2)).
    writeFileSync(opened, text, { flush: true });
  } finally {
    closeSync(opened);
  }
}

export function printed(texts: Texts): string {
  return fileNames.map((name) => `// ---------- ${name} ----------\n${texts[name]}`).join("\n");
}

export function leftOutText(one: LeftOut): string {
  return lines([`Left out: ${shown(one)}`, ...one.reasons.map((reason) => `  ${printable(reason)}`)]);
}

export function cutOffText({ kind: { noun, idForm }, reason }: CutOff): string {
  return `Not all ${noun}s were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (${idForm})\n`;
}

/** One warning for all files by whose names tools act. Empty without such files. */
export function actingText(taken: readonly Takeover[]): string {
  const texts = taken.flatMap(({ object: { acting } }) => acting);
  const warning = "Warning: tools act on some contents without being asked to. Read them before you use the project:";
  return texts.length === 0 ? "" : lines([warning, ...texts.map((text) => `  ${printable(text)}`)]);
}

/** How to skip the lists that the service refuses. Empty if something of each kind was read. */
export function withoutRefusedText(
  sources: readonly Source[],
  cutOffs: readonly CutOff[],
  taken: readonly Takeover[],
): string {
  const read = taken.map(({ object }) => object.kind);
  const refused = cutOffs.filter(({ isRefused, kind }) => isRefused && !read.includes(kind)).map(({ kind }) => kind);
  const others = sources.map(({ kind }) => kind).filter((kind) => !refused.includes(kind));
  return refused.length === 0 || others.length === 0
    ? ""
    : `To leave out what cannot be read, run the command with --kind ${others.map(kindWord).join(",")}\n`;
}

/** The numbers of objects: `6 agents, 3 environments and 15 deployments`. */
export function countsText(taken: readonly Takeover[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([{ noun }, count]) => counted(count, noun));
  return new Intl.ListFormat("en-GB").format(texts);
}

/** The instructions for the written files. */
export function nextSteps(folder: string, taken: readonly Takeover[], workspace: string | undefined): string {
  const [program, file] = fileNames.map((name) => join(folder, name));
  const settings = settingNames(taken);
  const plain = plainSettingNames(taken);
  const isReferring = taken.some(({ written }) => referencesIn(written).length > 0);
  const steps = [
    `add this line to the program:  import "${modulePath(folder)}${holdsEsModules(folder) ? ".js" : ""}";`,
    ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
    ...[...settings, ...plain].map((name) => `pulumi config set --secret ${name}`),
    `pulumi import --file ${quoted(file ?? "")} --generate-code=false --protect=false --yes`,
    ...(settings.length > 0 ? sendingSteps(settings, isReferring) : quietSteps(isReferring)),
    ...secretSteps(optionalSecrets(taken)),
  ];
  return [
    `Wrote ${countsText(taken)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    ...contentTexts(folder, taken),
    ...(plain.length === 0
      ? []
      : [
          `Some values look like secrets (${plain.join(", ")}): the program takes them from settings. ${file} has them in plain text, and so does the state until the next change of the object; replace them at their source.`,
        ]),
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
  return [...ignored.values(), ...notes].map((text) => printable(`${identifier}: ${text}`));
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
