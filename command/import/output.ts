import { randomUUID } from "node:crypto";
import { closeSync, lstatSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { counted } from "../../provider/api/clock";
import { aligned } from "../../provider/api/lines";
import { ownerIn } from "../../provider/resource/kind/metadata";
import { type Advisor, advised, quoted } from "../advised";
import { attempt } from "../files";
import { lines, namesText, printable, shown } from "../words";
import { belowProject, holdsEsModules, makeFolder, neither } from "./content-folder";
import { importKinds } from "./kinds";
import type { Managed } from "./managed";
import { kindWord, type Selected, type Source } from "./read-selected";
import { leastPulumi, type ProgramSecrets, secretsOf } from "./texts";
import { type ImportedObject, type Plan, referencesIn } from "./what-to-import";
import type { Wired } from "./wired";

export type FileNames = readonly [program: string, importFile: string];
export const firstNames: FileNames = ["qoder.ts", "import.json"];

/** The first names that nothing in the folder has: `qoder-2.ts` and `import-2.json` beside an earlier import. */
export function freeNames(folder: string): FileNames {
  let names = firstNames;
  for (let number = 2; names.some((name) => isTaken(join(folder, name))); number += 1) {
    names = [`qoder-${number}.ts`, `import-${number}.json`];
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

export interface ImportPlan extends Plan, Pick<Selected, "cutOffs"> {
  readonly managed: readonly Managed[];
  readonly wired: ReadonlyMap<string, Wired>;
  /** The number of selected objects that the command leaves to these resources. */
  readonly kept: number;
  /** True if a stack may manage objects of which the command does not know. */
  readonly mayRepeat: boolean;
}

export function notTakenText(
  { taken, leftOut, cutOffs, kept, mayRepeat }: ImportPlan,
  sources: readonly Source[],
): string {
  const read = taken.map(({ object }) => object.kind);
  const refused = cutOffs.filter(({ isRefused, kind }) => isRefused && !read.includes(kind)).map(({ kind }) => kind);
  const others = sources.map(({ kind }) => kind).filter((kind) => !refused.includes(kind));
  return lines([
    ...leftOut.flatMap((one) => [`Skipped: ${shown(one)}`, ...one.reasons.map((reason) => `  ${printable(reason)}`)]),
    ...cutOffs.map(
      ({ kind: { noun, idForm }, reason }) =>
        `Not all ${noun}s were read: ${printable(reason)}. Those that were read are imported; give the others by their ids (${idForm})`,
    ),
    ...when(
      refused.length > 0 && others.length > 0,
      `To leave out what cannot be read, run the command with --kind ${others.map(kindWord).join(",")}`,
    ),
    ...when(kept > 0, `Left out ${counted(kept, "object")} that the stack or an import file has already`),
    ...when(
      mayRepeat,
      "Warning: `import` does not read your program, so it may import objects of a stack a second time. Add --stack [NAME] to leave out what the stack manages",
    ),
  ]);
}

const when = (isSaid: boolean, text: string) => (isSaid ? [text] : []);

export function nothingText(kept: number, isCopy: boolean): string {
  return kept > 0
    ? "Nothing is new. No file was written\n"
    : `There is nothing to ${isCopy ? "copy" : "import"}: no live object was found that Pulumi could manage. No file was written\n`;
}

/** One warning for all files by whose names tools act. Empty without such files. */
export function actingText(taken: readonly ImportedObject[]): string {
  const texts = taken.flatMap(({ object: { acting } }) => acting);
  const warning = "Warning: these files can run code or change settings when tools open the project. Read them first:";
  return texts.length === 0 ? "" : lines([warning, ...texts.map((text) => `  ${printable(text)}`)]);
}

/** The deployments that a command has paused, and how each starts again. */
export function pausesText(taken: readonly ImportedObject[], advisor: Advisor): string {
  return lines(
    taken.flatMap(({ object: { id, pause }, names: { identifier } }) =>
      pause === undefined
        ? []
        : [
            `${identifier}: the pause ${pause} stops it, which is no \`paused: true\`; \`${advised("resume", [id], advisor)}\` starts it`,
          ],
    ),
  );
}

/** The numbers of objects: `6 agents, 3 environments and 15 deployments`. */
export function countsText(taken: readonly ImportedObject[]): string {
  const counts = importKinds.map((kind) => [kind, taken.filter(({ object }) => object.kind === kind).length] as const);
  const texts = counts.filter(([, count]) => count > 0).map(([{ noun }, count]) => counted(count, noun));
  return new Intl.ListFormat("en-GB").format(texts);
}

interface Written {
  readonly folder: string;
  readonly names: FileNames;
  readonly taken: readonly ImportedObject[];
  /** The managed objects that the program names by their ids. */
  readonly byId: readonly Managed[];
  readonly isProtected: boolean;
}

export function closingText(
  { folder, names, taken, byId, isProtected }: Written,
  isCopy: boolean,
  workspace: string | undefined,
): string {
  const secrets = secretsOf(taken);
  const [program, file] = [join(folder, names[0]), join(folder, names[1])];
  const path = [".", ...belowProject(folder), names[0].replace(/\.ts$/, "")].join("/");
  const module = `add this line to the program:  import "${path}${holdsEsModules(folder) ? ".js" : ""}";`;
  const others = isCopy
    ? copySteps(taken, secrets)
    : importSteps({ taken, byId, isProtected }, secrets, file, workspace);
  const plain = isCopy
    ? "The API shows them at the original; replace them there."
    : `${file} has them in plain text, and the state encrypts them; replace them at their source.`;
  const paused = taken.filter(({ object: { kind } }) => isCopy && kind.inCopy["paused"] !== undefined).length;
  return lines([
    isCopy
      ? `Wrote the copies of ${countsText(taken)} to ${program}. Nothing was changed at Qoder.`
      : `Wrote ${countsText(taken)} to ${program} and ${file}. Nothing was changed at Qoder.`,
    `${program} has one member a line: run your formatter.`,
    ...contentTexts(folder, taken),
    ...when(
      secrets.plain.length > 0,
      `Some values look like secrets (${secrets.plain.join(", ")}): the program takes them from settings. ${plain}`,
    ),
    ...taken.flatMap(({ object: { ignored, notes }, names: { identifier } }) =>
      [...ignored.values(), ...notes].map((text) => printable(`${identifier}: ${text}`)),
    ),
    ...byIdTexts(taken, byId),
    ...when(
      paused > 0,
      `${counted(paused, "deployment")} will be paused: remove \`paused: true\` to start one, which then runs beside its original.`,
    ),
    ...when(
      isCopy && names[0] !== firstNames[0],
      "`import` does not read your program: if another file declares one of these copies too, `pulumi preview` fails with a duplicate URN.",
    ),
    "",
    `Next, in the folder of the Pulumi project${isCopy ? "" : `, with Pulumi ${leastPulumi} or later`}:`,
    ...[module, ...others].map((step, index) => `  ${index + 1}. ${step}`),
  ]);
}

/** What does not follow a managed object, because the command reads no program: who names it, and the line to write there. */
function byIdTexts(taken: readonly ImportedObject[], byId: readonly Managed[]): string[] {
  return [...new Map(byId.map((one) => [one.id, one])).values()].flatMap(({ id, kind, resourceName, where }) => {
    const users = taken
      .filter(({ written }) => referencesIn(written).includes(id))
      .map(({ names }) => names.identifier);
    return when(
      users.length > 0,
      printable(
        `${kind.label} ${JSON.stringify(resourceName)} of ${where} is named by its id in ${namesText(users)}. Import its constant from your program and write that in place of ${JSON.stringify(id)}: then they follow its changes, and a removal takes them first.`,
      ),
    );
  });
}

/** With the label of its owner an object is known to everybody who sees the account; the service itself does not say who manages it. */
const ownerStep =
  "label each object with its owner, with one request each: pulumi config set --path qoder:defaultMetadata.owner PROJECT/STACK, and pulumi up";

const settingSteps = ({ settings, plain }: ProgramSecrets) =>
  [...settings, ...plain].map((name) => `pulumi config set --secret ${name}`);

function copySteps(taken: readonly ImportedObject[], secrets: ProgramSecrets): string[] {
  return [
    "select a stack, and give it the account of the copies: pulumi config set --secret qoder:pat, and qoder:workspaceId for a workspace",
    ...settingSteps(secrets),
    ...when(
      secrets.optional.length > 0,
      `pulumi config set --secret for each repository that needs its token or password: ${secrets.optional.join(", ")}`,
    ),
    `pulumi preview, which shows that \`pulumi up\` will create ${countsText(taken)}, and then pulumi up`,
  ];
}

// An import records no dependencies (pulumi/pulumi pkg/resource/deploy/import.go), but the order of a removal follows them.
const order = "records which object needs which: a removal archives deployments before their agents and vaults";

function importSteps(
  { taken, byId, isProtected }: Omit<Written, "folder" | "names">,
  secrets: ProgramSecrets,
  file: string,
  workspace: string | undefined,
): string[] {
  const { settings, missing } = secrets;
  const named = new Set(byId.map(({ id }) => id));
  const isReferring = taken.some(({ written }) => referencesIn(written).some((id) => !named.has(id)));
  const count = (names: readonly string[]) => (names.length === 1 ? "the secret" : `the ${names.length} secrets`);
  const sent = `${settings.length === 1 ? "the secret" : "each secret"} once, as the API does not give it back`;
  return [
    ...when(workspace !== undefined, `pulumi config set qoder:workspaceId ${quoted(workspace ?? "")}`),
    ...settingSteps(secrets),
    `pulumi import --file ${quoted(file)} --generate-code=false --protect=${isProtected} --yes`,
    ...(settings.length > 0
      ? [
          `pulumi preview, which shows that \`pulumi up\` will send ${count(settings)}, and no other change`,
          `pulumi up, which sends ${sent}${isReferring ? `, and ${order}` : ""}`,
        ]
      : [
          "pulumi preview --expect-no-changes",
          ...when(isReferring, `pulumi up, which sends nothing yet, but ${order}`),
        ]),
    ...when(
      missing.length > 0,
      `set ${count(missing)} that the API does not give back (${[...new Set(missing)].join(", ")}), at the comments in the program, and run \`pulumi up\``,
    ),
    ownerStep,
  ];
}

export function listText(taken: readonly ImportedObject[]): string {
  return lines(
    aligned(
      taken.map(({ object }) => {
        const owner = ownerIn(object.inputs["metadata"]);
        return [object.kind.noun, shown(object), ...when(owner !== undefined, printable(`of ${owner}`))];
      }),
    ),
  );
}

function contentTexts(folder: string, taken: readonly ImportedObject[]): string[] {
  const isBelow = (name: string) => taken.some(({ written }) => `/${written["source"]}`.includes(`/${name}/`));
  const text = ["skills", "files"]
    .filter(isBelow)
    .map((name) => join(folder, name))
    .join(" and ");
  return when(text !== "", `The contents are in ${text}: the program reads them, so they belong to the project.`);
}
