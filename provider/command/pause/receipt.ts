import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { secondText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { parseJson } from "../../api/foreign-text";
import { idSchema } from "../../api/schema";
import { isObject, mapMembers, without } from "../../resource/program-values";
import { requestMs } from "../client";
import { attempt, lockOf, type saveFile, textIn } from "../files";
import { jsonText } from "../words";

const pausedSchema = z.strictObject({
  id: idSchema,
  name: z.string().nullable(),
  baseUrl: z.string(),
  workspaceId: z.string().nullable(),
  /**
   * `pausing`: the request may be on its way or lost. `paused before` and `left alone`: others have paused or archived the
   * deployment, and `resume` never starts it. `resuming` and `resumed` are states of the command `resume`.
   */
  state: z.enum(["to pause", "pausing", "paused", "paused before", "left alone", "failed", "resuming", "resumed"]),
  /** `updated_at` of the deployment right after the pause; null if the service did not show it. */
  updatedAt: z.string().nullable(),
  /** The requests that may have paused it, by the clock of the service. One without an end was cut off with its command. */
  requests: z.array(z.strictObject({ from: z.string(), to: z.string().nullable() })).default([]),
  /** The digest of the declared content, see `contentOf`. */
  content: z.string(),
  /** The reason for which the pause failed or was left out. */
  problem: z.string().nullable(),
});
export type PausedEntry = z.infer<typeof pausedSchema>;

/** `updated_at` has whole seconds, and so has the header `Date`. */
const resolutionMs = 2_000;

/** Whether a request of the receipt can have made the last change of the deployment. */
export function isOwnChange({ requests }: PausedEntry, updatedAt: string | undefined): boolean {
  const at = Date.parse(updatedAt ?? "");
  return requests.some(({ from, to }) => {
    const [start, end] = [Date.parse(from), to === null ? Date.parse(from) + requestMs : Date.parse(to)];
    return at >= start - resolutionMs && at <= end + resolutionMs;
  });
}

const sessionSchema = z.strictObject({
  id: idSchema,
  deploymentId: idSchema,
  /** The state in which the session was found: `running`, `rescheduling`, `waiting`, or `new` before its beginning. */
  was: z.string(),
  state: z.enum(["cancelling", "ended", "running"]),
  problem: z.string().nullable(),
});
export type SessionEntry = z.infer<typeof sessionSchema>;

const receiptSchema = z.strictObject({
  version: z.literal(1),
  startedAt: z.string(),
  /** The end of the command; null until then. */
  finishedAt: z.string().nullable(),
  /** The start of the command `resume`; null until then. */
  resumedAt: z.string().nullable(),
  /** The selection of the command line; a command with the same selection continues this receipt. */
  selection: z.string(),
  /** The stack of `--stack`, in which `resume` finds the accounts. */
  stack: z.string().nullable(),
  deployments: z.array(pausedSchema),
  sessions: z.array(sessionSchema),
});
export type ReceiptContent = z.infer<typeof receiptSchema>;

/** A receipt contains names of deployments, so only its owner may read it. */
const privateMode = 0o600;

/** The progress of a command, in a file that is complete at any moment, however the command ends. */
export class Receipt {
  constructor(
    readonly file: string,
    readonly content: ReceiptContent,
    private readonly save: typeof saveFile,
  ) {}

  /** Writes the file. Called before each request, so that the receipt knows every request. */
  write(): void {
    this.save(this.file, `${jsonText(this.content, 2)}\n`, privateMode);
  }

  /** Replaces the entry with the same id. */
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

/** A file name that is free in the folder. */
export function newReceiptFile(folder: string, now: number): string {
  // Windows allows no colons in a file name.
  const time = secondText(now).replaceAll(":", "-");
  for (let number = 1; ; number += 1) {
    const file = join(folder, `qoder-pause-${time}${number === 1 ? "" : `-${number}`}.json`);
    if (!existsSync(file) && !existsSync(lockOf(file))) {
      return file;
    }
  }
}

/** An unfinished receipt. */
export interface EarlierReceipt {
  readonly file: string;
  readonly content: ReceiptContent;
}

/** The unfinished receipts in the folder with the same selection, newest first. `warn` receives each file that is none. */
export function unfinishedReceipts(
  folder: string,
  selection: string,
  warn: (reason: string) => void,
): EarlierReceipt[] {
  return receiptsIn(folder).flatMap((file) => {
    const content = contentIfRead(file, warn);
    const isIt = content?.selection === selection && content.finishedAt === null && content.resumedAt === null;
    return isIt ? [{ file, content }] : [];
  });
}

/** The receipts, newest first: their names contain the time. */
function receiptsIn(folder: string): string[] {
  const names = attempt("the folder for the receipt cannot be read", () => readdirSync(folder));
  return names
    .filter((name) => namePattern.test(name))
    .sort()
    .reverse()
    .map((name) => join(folder, name));
}

/** Undefined after a warning: a file of somebody else must not keep the deployments running. */
function contentIfRead(file: string, warn: (reason: string) => void): ReceiptContent | undefined {
  try {
    return readReceipt(file);
  } catch (error) {
    if (!(error instanceof QoderError)) {
      throw error;
    }
    warn(error.message);
    return undefined;
  }
}

export function readReceipt(file: string): ReceiptContent {
  const content = receiptSchema.safeParse(parseJson(textIn(file)).value).data;
  if (content === undefined) {
    throw new QoderError(`${file} is no receipt that \`pulumi-qoder pause\` of this version wrote`);
  }
  return content;
}

/** The members that the service sets by itself or that a pause changes. */
const passing = {
  deployment: ["status", "paused_reason", "updated_at"],
  schedule: ["upcoming_runs_at", "last_run_at"],
  // `metadata.cas_config.stats` counts runs ("Create a deployment", June 2026).
  metadata: ["cas_config"],
} as const;

/** A digest of the declared content of a deployment, so that a receipt contains neither prompts nor environment variables. */
export function contentOf(reply: unknown): string {
  const deployment = isObject(reply) ? without(reply, passing.deployment) : {};
  const { schedule, metadata } = deployment;
  const lasting = {
    ...deployment,
    schedule: isObject(schedule) ? without(schedule, passing.schedule) : schedule,
    metadata: isObject(metadata) ? without(metadata, passing.metadata) : metadata,
  };
  return createHash("sha256")
    .update(JSON.stringify(sorted(lasting)))
    .digest("hex");
}

/** The order of members has no meaning in JSON. */
function sorted(value: unknown): unknown {
  const ordered = isObject(value)
    ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
    : value;
  return mapMembers(ordered, sorted);
}
