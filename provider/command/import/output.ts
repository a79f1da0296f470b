import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { counted } from "../../api/clock";
import { aligned } from "../../api/lines";
import { attempt } from "../files";
import { lines, printable, shown } from "../words";
import { belowProject, makeFolder, neither } from "./content-folder";
import { holdsEsModules } from "./existing";
import { importKinds } from "./kinds";
import { kindWord, type Selected, type Source } from "./select";
import { type Plan, referencesIn, type Takeover } from "./takeover";
import { secretsOf } from "./texts";

/** The names of the program and of its import file. */
export type FileNames = readonly [program: string, importFile: string];
export const firstNames: FileNames = ["deployments.ts", "import.json"];

/** The first names that nothing in the folder has: `deployments-2.ts` and `import-2.json` beside an earlier import. */
export function freeNames(folder: string): FileNames {
  let names = firstNames;
  for (let number = 2; names.some((name) => isTaken(join(folder, name))); number += 1) {
    names = [`deployments-${number}.ts`, `import-${number}.json`];
  }
  return names;
}

/** The texts of the files by their names: the program, and its import file unless the program makes copies. */
export type Texts = Readonly<Record<string, string>>;

// Not `existsSync`, which follows symbolic links: a broken link would also be in the way.
function isTaken(file: string): boolean {
  return attempt(`${file} cannot be written`, () => lstatSync(file, { throwIfNoEntry: false }) !== undefined, neither);
}

/** Writes all files or none: a program without its import file would create all objects a second time. */
export function writeFiles(folder: string, texts: Texts, force: boolean): void {
  makeFolder(resolve(folder));
  const made: string[] = [];
  try {
    const written = Object.entries(texts).map(([name, text]) => {
      const file = join(folder, name);
      // Overwriting a file would keep its mode and follow a symbolic link.
      const draft = force ? `${file}.${randomUUID()}` : file;
      attempt(`${file} cannot be written`, () => writeNew(draft, text, made), neither);
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
  return Object.entries(texts)
    .map(([name, text]) => `// ---------- ${name} ----------\n${text}`)
    .join("\n");
}

export interface Found extends Plan, Pick<Selected, "cutOffs"> {
  /** The number of objects that the command leaves to what manages them. */
  readonly managed: number;
  /** The number of declared resources whose objects only the state of a stack contains. */
  readonly unknown: number;
}

/** The objects that the command does not write, and why. */
export function notTakenText(
  { taken, leftOut, cutOffs, managed, unknown }: Found,
  { sources, isCopy }: { readonly sources: readonly Source[]; readonly isCopy: boolean },
): string {
  const read = taken.map(({ object }) => object.kind);
  const refused = cutOffs.filter(({ isRefused, kind }) => isRefused && !read.includes(kind)).map(({ kind }) => kind);
  const others = sources.map(({ kind }) => kind).filter((kind) => !refused.includes(kind));
  const manages = isCopy ? "The program declares the copies of" : "The program or the stack manages";
  return lines([
    ...leftOut.flatMap((one) => [`Skipped: ${shown(one)}`, ...one.reasons.map((reason) => `  ${printable(reason)}`)]),
    ...cutOffs.map(
      ({ kind: { noun, idForm }, reason }) =>
        `Not all ${noun}s were read: ${printable(reason)}. Those that were read are taken over; give the others by their ids (${idForm})`,
    ),
    ...(refused.length === 0 || others.length === 0
      ? []
      : [`To leave out what cannot be read, run the command with --kind ${others.map(kindWord).join(",")}`]),
    ...(managed === 0 ? [] : [`${manages} ${counted(managed, "object")} already`]),
    ...(unknown === 0
      ? []
      : [
          `Warning: only a stack knows the objects of ${counted(unknown, "resource")} of the program. Add --stack [NAME], so that none is taken over a second time`,
        ]),
  ]);
}

/** What the command says if it has nothing to write. */
export function nothingText(managed: number, isCopy: boolean): string {
  return managed > 0
    ? "Nothing is new. No file was written\n"
    : `There is nothing to ${isCopy ? "copy" : "take over"}: no live object was found that Pulumi could manage. No file was written\n`;
}

/** One warning for all files by whose names tools act. Empty without such files. */
export function actingText(taken: readonly Takeover[]): string {
  const texts = taken.flatMap(({ object: { acting } }) => acting);
  const warning = "Warning: tools act on some contents without being asked to. Read them before you use the project:";
  return texts.length === 0 ? "" : lines([warning, ...texts.map((text) => `  ${printable(text)}`)]);
}

/** The numbers of objects: `6 agents, 3 environments and 15 deployments`. */
export function countsText(taken: readonly Takeover[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([{ noun }, count]) => counted(count, noun));
  return new Intl.ListFormat("en-GB").format(texts);
}

interface Written {
  readonly folder: string;
  readonly names: FileNames;
  readonly taken: readonly Takeover[];
}

/** The instructions for the written files. */
export function nextSteps(written: Written, workspace: string | undefined): string {
  const { folder, names, taken } = written;
  const [program, file] = [join(folder, names[0]), join(folder, names[1])];
  const { settings, plain, missing } = secretsOf(taken);
  const isReferring = taken.some(({ written }) => referencesIn(written).length > 0);
  return instructions(written, {
    wrote: `${countsText(taken)} to ${program} and ${file}`,
    plain: `${file} has them in plain text, and so does the state until the next change of the object; replace them at their source.`,
    notes: [],
    where: "in the folder of the Pulumi project, with Pulumi 3.254 or later",
    steps: [
      ...(workspace === undefined ? [] : [`pulumi config set qoder:workspaceId ${quoted(workspace)}`]),
      ...settingSteps([...settings, ...plain]),
      `pulumi import --file ${quoted(file)} --generate-code=false --protect=false --yes`,
      ...(settings.length > 0 ? sendingSteps(settings, isReferring) : quietSteps(isReferring)),
      ...secretSteps(missing, names[0]),
    ],
  });
}

/** The instructions for a written program of copies. */
export function copySteps(written: Written): string {
  const { folder, names, taken } = written;
  const { settings, optional, plain } = secretsOf(taken);
  const scheduled = taken.filter(
    ({ written }) => written["schedule"] !== undefined && written["paused"] !== true,
  ).length;
  const beside = `${counted(scheduled, "deployment")} will run by schedule from the first \`pulumi up\` on, beside the original.`;
  return instructions(written, {
    wrote: `the copies of ${countsText(taken)} to ${join(folder, names[0])}`,
    plain: "The API shows them at the original; replace them there.",
    notes: scheduled === 0 ? [] : [beside],
    where: "in the folder of the Pulumi project",
    steps: [
      "select a stack, and give it the account of the copies: pulumi config set --secret qoder:pat, and qoder:workspaceId for a workspace",
      ...settingSteps([...settings, ...plain]),
      ...(optional.length === 0
        ? []
        : [`pulumi config set --secret for each repository that needs its token or password: ${optional.join(", ")}`]),
      `pulumi preview, which shows that \`pulumi up\` will create ${countsText(taken)}, and then pulumi up`,
    ],
  });
}
interface Instructions {
  readonly wrote: string;
  /** What else holds the values that look like secrets. */
  readonly plain: string;
  readonly notes: readonly string[];
  readonly where: string;
  /** The steps after the first one, which imports the module. */
  readonly steps: readonly string[];
}

function instructions({ folder, names: [program], taken }: Written, given: Instructions): string {
  const plain = secretsOf(taken).plain.join(", ");
  const path = [".", ...belowProject(folder), program.replace(/\.ts$/, "")].join("/");
  const module = `add this line to the program:  import "${path}${holdsEsModules(folder) ? ".js" : ""}";`;
  return lines([
    `Wrote ${given.wrote}. Nothing was changed at Qoder.`,
    ...contentTexts(folder, taken),
    ...(plain === ""
      ? []
      : [`Some values look like secrets (${plain}): the program takes them from settings. ${given.plain}`]),
    ...taken.flatMap(noteTexts),
    ...given.notes,
    "",
    `Next, ${given.where}:`,
    ...[module, ...given.steps].map((step, index) => `  ${index + 1}. ${step}`),
  ]);
}

const settingSteps = (names: readonly string[]) => names.map((name) => `pulumi config set --secret ${name}`);

/** A line for each object that the command would write. */
export function listText(taken: readonly Takeover[]): string {
  return lines(aligned(taken.map(({ object }) => [object.kind.noun, shown(object)])));
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

function secretSteps(secrets: readonly string[], program: string): string[] {
  const which = secrets.length === 1 ? "the secret" : `the ${secrets.length} secrets`;
  const members = [...new Set(secrets)].join(", ");
  return secrets.length === 0
    ? []
    : [
        `set ${which} that the API does not give back (${members}), at the comments in ${program}, and run \`pulumi up\``,
      ];
}

// A word in quotes if a shell would split or change it.
function quoted(word: string): string {
  return /^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
