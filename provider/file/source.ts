import { readFileSync, statSync } from "node:fs";
import { basename, resolve } from "node:path";
import type { SourceRead, WhenKnown } from "../kinds/table";
import { secretOfFile } from "../resource/state/leaked-secrets";
import { digestOf, unreadable } from "../skill/digests";

interface Read {
  /** The digest of the content; an Output if the content is one. */
  readonly digest: unknown;
  readonly name: string | undefined;
  readonly read: SourceRead;
}

/** Replaces `source` by the digest of its content. */
export function readContent(
  resource: string,
  { source, name, ...others }: Readonly<Record<string, unknown>>,
  whenKnown: WhenKnown,
) {
  const { digest, name: called, read } = readSource(source, others["content"], whenKnown);
  const given = { ...others, digest, name: whenKnown(name, (own) => own ?? called ?? resource) };
  return { given, read, ...(called === undefined ? { nameArgument: "name" } : {}) };
}

function readSource(source: unknown, content: unknown, whenKnown: WhenKnown): Read {
  if (content != null && source != null) {
    return unread("source: is given beside content; give one of the two");
  }
  if (content != null) {
    return { digest: whenKnown(content, digestOfText), name: undefined, read: { path: "", problems: [], remarks: [] } };
  }
  if (typeof source !== "string" || source === "") {
    return unread(source == null || source === "" ? "source: is missing; or give content" : "source: is not a text");
  }
  try {
    return readPath(source);
  } catch (error) {
    return unread(`source: ${unreadable(error)}`);
  }
}

function readPath(source: string): Read {
  const path = resolve(process.cwd(), source);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() !== true) {
    return unread(`source: ${source} is not a file in ${process.cwd()}`);
  }
  if (stats.size > largestBytes) {
    return unread(`source: ${source} ${tooLarge(stats.size)}`);
  }
  const bytes = readFileSync(path);
  const problem = contentProblem(bytes);
  return problem === undefined
    ? {
        digest: digestOf(bytes),
        name: basename(path),
        read: { path, problems: [], remarks: secretRemarks(source, bytes) },
      }
    : unread(`source: ${source} ${problem}`);
}

function secretRemarks(source: string, bytes: Uint8Array): SourceRead["remarks"] {
  const secret = secretOfFile(source.replaceAll("\\", "/"), bytes);
  const text = `source: ${source} ${secret}. Each run with the file can read it: take it out, and give a secret in a QoderVaultCredential`;
  return secret === undefined ? [] : [{ kind: "plain-secret", severity: "warning", text }];
}

function unread(problem: string): Read {
  return { digest: undefined, name: undefined, read: { path: "", problems: [problem], remarks: [] } };
}

/** Undefined for a content that is no text, which `check` refuses. */
function digestOfText(content: unknown): string | undefined {
  return typeof content === "string" ? digestOf(content) : undefined;
}

/** "Upload a file". */
export const largestMb = 5;
const bytesInMb = 1024 * 1024;

const largestBytes = largestMb * bytesInMb;

function tooLarge(bytes: number): string {
  return `has ${Math.ceil((bytes / bytesInMb) * 100) / 100} MB; the API takes up to ${largestMb} MB`;
}

/**
 * The reason for which the service would refuse the content; undefined for a valid content. The service accepts text only.
 */
export function contentProblem(content: Uint8Array | string): string | undefined {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  if (size > largestBytes) {
    return tooLarge(size);
  }
  const isText = typeof content === "string" ? !content.includes("\0") : !content.includes(0);
  return isText ? undefined : "has a NUL byte; the API takes text alone";
}
