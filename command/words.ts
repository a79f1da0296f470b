import { constants } from "node:os";
import { getSystemErrorMap } from "node:util";
import { z } from "zod";
import { counted } from "../provider/api/clock";
import { QoderApiError, QoderConnectionError, QoderError, QoderTimeLimitError, reasonOf } from "../provider/api/errors";
import { width } from "../provider/api/lines";
import { escaped, excerpt } from "../provider/api/terminal-text";
import { changingTokenAdvice, missingPathIn, sentences, whoAsked } from "../provider/resource/kind/advice";

/** The texts, each on a line of its own. */
export function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}

/** An object by its id, and by its name at Qoder if that is known. */
export function shown({ id, name }: { readonly id: string; readonly name?: string | null | undefined }): string {
  return name == null ? printable(id) : `${printable(id)} ${jsonText(name)}`;
}

/** A title with the number of rows, and the rows. */
export function listed(title: string, noun: string, rows: readonly string[]): string[] {
  const head = `${title}: ${counted(rows.length, noun)}`;
  return [rows.length === 0 ? head : `${head}:`, ...rows.map((row) => `  ${row}`)];
}

export function listedIfAny(title: string, noun: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : listed(title, noun, rows);
}

const longestInText = 40;
const mostInText = 12;

/** Some of the names, one at least and as many as fit into this number of columns: `a, b, c and 4 more`. */
export function namesText(names: readonly string[], columns: number = Number.POSITIVE_INFINITY): string {
  const shown = names.slice(0, mostInText).map((name) => excerpt(name, longestInText));
  const texts = shown.map((_, last) => {
    const left = names.length - last - 1;
    return `${shown.slice(0, last + 1).join(", ")}${left > 0 ? ` and ${left} more` : ""}`;
  });
  return texts.findLast((text) => width(text) <= columns) ?? texts[0] ?? "";
}

const longestName = 100;

/** The name at Qoder or the id, and the Pulumi name if it differs, or the owner of an object that no selected stack manages. */
export function nameCell(
  { id, name, owner }: { readonly id: string; readonly name?: string | undefined; readonly owner?: string | undefined },
  managed: ReadonlyMap<string, { readonly resourceName: string }>,
): string {
  const shown = excerpt(name ?? id, longestName);
  const other = managed.get(id)?.resourceName ?? (owner === undefined ? undefined : `of ${owner}`);
  return other === undefined || other === name ? shown : `${shown} (${excerpt(other, longestName)})`;
}

/** Of more objects than these, a command prints what says something, and a row each only if it is asked for. */
export const mostRows = 20;

/** The value as JSON that is also valid in every version of TypeScript. */
export function jsonText(value: unknown, indent?: number): string {
  return escaped(JSON.stringify(value, undefined, indent));
}

/** The output of `--json`. A member without a value is null. */
export function jsonOutput<Output>(value: Output): string {
  return `${escaped(JSON.stringify(value, (_, member: unknown) => (member === undefined ? null : member), 2))}\n`;
}

/** A message that quotes the server, on one line and without control characters. */
export function printable(message: string): string {
  return escaped(message.replace(/[\t\r\n]+/g, " "));
}

const systemError = z.object({ errno: z.number() });

// Node.js has no name for a full quota.
const quota = [-constants.errno.EDQUOT, ["EDQUOT", "disk quota exceeded"]] as const;
const systemErrors = new Map<number, readonly [code: string, words: string]>([quota, ...getSystemErrorMap()]);

export function systemErrorOf(error: unknown): readonly [code: string, words: string] | readonly [] {
  return systemErrors.get(systemError.safeParse(error).data?.errno ?? 0) ?? [];
}

/** The message of a system error, with its code: `no space left on device (ENOSPC)`. */
export function systemReason(error: unknown): string {
  const [code, words] = systemErrorOf(error);
  return code === undefined ? reasonOf(error) : `${words} (${code})`;
}

/** The advice after a time limit that the person can raise. */
export const moreTime = "Run the same command again with more time (--timeout TIME, such as 10m)";

const readAgain = "Run the same command again; it only reads";

/** The advice after a failure of a command that writes. */
export const goOnAgain = "Run the same command again; it continues where it stopped";

/** The text for a failure, with advice. `again` is the advice for a failure that is no mistake of the person. */
export function failureText(error: unknown, again: string = readAgain): string {
  return sentences(printable(reasonOf(error)), missingPathIn(error), adviceOn(error, again)) ?? "";
}

/**
 * The reason for which a command could not act on an object, or not know of one: the command does not stop there, because it acts on others
 * too. Throws what is no failure of a request.
 */
export function problemOf(error: unknown): string {
  if (!(error instanceof QoderError)) {
    throw error;
  }
  return failureText(error, goOnAgain);
}

function adviceOn(error: unknown, again: string): string | undefined {
  if (error instanceof QoderTimeLimitError) {
    return moreTime;
  }
  if (error instanceof QoderConnectionError) {
    return "Check the network and QODER_BASE_URL, then run the same command again";
  }
  if (!(error instanceof QoderApiError)) {
    return undefined;
  }
  if (error.status === 401) {
    const given = isOfStack(error)
      ? "Set a valid token there, and for a QoderProvider run `pulumi up`, which records it in the state"
      : `Set a valid token in ${error.caller?.tokenSource ?? "QODER_PAT"}`;
    return sentences(whoAsked(error), error.caller?.hasChangingToken ? changingTokenAdvice : given);
  }
  if (error.status === 403 || error.status === 404) {
    return isOfStack(error)
      ? "Check that the token belongs to the account and workspace (qoder:workspaceId), and check qoder:baseUrl"
      : "Check that the token belongs to the account and workspace (--workspace), and check QODER_BASE_URL";
  }
  return again;
}

/** True if the token comes from a stack and not from the environment (`account/settings.ts`). */
function isOfStack({ caller }: QoderApiError): boolean {
  return caller !== undefined && !caller.tokenSource.startsWith("QODER_");
}
