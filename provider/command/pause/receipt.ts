import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { QoderError } from "../../api/errors";
import { parseJson } from "../../api/foreign-text";
import { jsonText, systemReason } from "../terminal";
import { replaceFile } from "../write-file";

const pausedSchema = z.strictObject({
  id: z.string(),
  name: z.string().nullable(),
  baseUrl: z.string(),
  workspaceId: z.string().nullable(),
  /**
   * `pausing`: the request may be under way or lost. `paused before` and `left alone` are of others, and nothing here starts these
   * again. `resuming` and `resumed` are of the command `resume`.
   */
  state: z.enum(["to pause", "pausing", "paused", "paused before", "left alone", "failed", "resuming", "resumed"]),
  /** `updated_at` that the service showed right after the pause; null where it told none. */
  updatedAt: z.string().nullable(),
  /** See `contentOf`. */
  content: z.string(),
  /** Why it failed or was left alone. */
  problem: z.string().nullable(),
});
export type PausedEntry = z.infer<typeof pausedSchema>;

const sessionSchema = z.strictObject({
  id: z.string(),
  deploymentId: z.string(),
  /** What it did when it was found: `running`, `rescheduling`, `waiting`; `new` where it had not begun. */
  was: z.string(),
  state: z.enum(["cancelling", "ended", "goes on"]),
  problem: z.string().nullable(),
});
export type SessionEntry = z.infer<typeof sessionSchema>;

const receiptSchema = z.strictObject({
  version: z.literal(1),
  startedAt: z.string(),
  /** Null as long as the command has not come to its end. */
  finishedAt: z.string().nullable(),
  /** Null until the command `resume` begins. */
  resumedAt: z.string().nullable(),
  /** What the command line selected; the same one goes on with this receipt. */
  selection: z.string(),
  /** Of `--stack`: where `resume` finds the accounts. */
  stack: z.string().nullable(),
  deployments: z.array(pausedSchema),
  sessions: z.array(sessionSchema),
});
export type ReceiptContent = z.infer<typeof receiptSchema>;

/** A receipt names what somebody runs, and is for its owner alone. */
const privateMode = 0o600;

/** What a command has done so far, in a file that holds it at any moment, however the command ends. */
export class Receipt {
  constructor(
    readonly file: string,
    readonly content: ReceiptContent,
    private readonly save: typeof replaceFile = replaceFile,
  ) {}

  /** Before a request: then nothing is sent that the receipt does not know of. */
  write(): void {
    this.save(this.file, `${jsonText(this.content, 2)}\n`, privateMode);
  }

  /** Puts the entry in the place of the one with the same id. */
  setDeployment(entry: PausedEntry): void {
    put(this.content.deployments, entry);
    this.write();
  }

  setSession(entry: SessionEntry): void {
    put(this.content.sessions, entry);
    this.write();
  }

  end(member: "finishedAt" | "resumedAt", now: number): void {
    this.content[member] = new Date(now).toISOString();
    this.write();
  }
}

function put<Entry extends { readonly id: string }>(entries: Entry[], entry: Entry): void {
  const place = entries.findIndex(({ id }) => id === entry.id);
  entries.splice(place < 0 ? entries.length : place, 1, entry);
}

const namePattern = /^qoder-pause-.*\.json$/;

/** A name that no file in the folder has. */
export function newReceiptFile(folder: string, now: number): string {
  // Colons are no part of a name in Windows.
  const time = new Date(now)
    .toISOString()
    .replace(/\.\d+Z$/, "Z")
    .replaceAll(":", "-");
  const names = [
    `qoder-pause-${time}.json`,
    ...Array.from({ length: 99 }, (_, index) => `qoder-pause-${time}-${index + 2}.json`),
  ];
  const free = names.map((name) => join(folder, name)).find((file) => !existsSync(file));
  if (free === undefined) {
    throw new QoderError(`too many receipts of ${time} are in this folder already`);
  }
  return free;
}

/** The newest receipt in the folder that the same command line has not come to the end of. */
export function unfinishedReceipt(
  folder: string,
  selection: string,
): { readonly file: string; readonly content: ReceiptContent } | undefined {
  for (const file of receiptsIn(folder)) {
    const content = contentIn(file);
    if (content?.selection === selection && content.finishedAt === null && content.resumedAt === null) {
      return { file, content };
    }
  }
  return undefined;
}

/** The newest first: a name begins with the time. */
function receiptsIn(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => namePattern.test(name));
    return names
      .sort()
      .reverse()
      .map((name) => join(folder, name));
  } catch (error) {
    throw new QoderError(`the folder for the receipt cannot be read: ${systemReason(error)}`, { cause: error });
  }
}

export function readReceipt(file: string): ReceiptContent {
  const content = contentIn(file);
  if (content === undefined) {
    throw new QoderError(`${file} is no receipt that \`pulumi-qoder pause\` of this version wrote`);
  }
  return content;
}

function contentIn(file: string): ReceiptContent | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new QoderError(`${file} cannot be read: ${systemReason(error)}`, { cause: error });
  }
  return receiptSchema.safeParse(parseJson(text).value).data;
}
