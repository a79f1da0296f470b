import { failureText, jsonText, printable } from "../terminal";
import type { Asked, Unknown } from "./ask";

/** What could not be asked, in words. */
export function complaints({ known, unknown, cutOff, stopped }: Asked): string {
  const texts = unknown.map(unknownText);
  if (cutOff !== undefined) {
    texts.push(`Not all deployments were read: ${printable(cutOff)}. Give the others by their ids (dep_...)\n`);
  }
  if (stopped !== undefined) {
    texts.push(failed(stopped.error));
    texts.push(
      known.length === 0
        ? ""
        : `Not asked about any more: ${stopped.left === undefined ? "the other" : `${stopped.left} of the`} deployments\n`,
    );
  }
  return known.length === 0 && texts.length === 0 ? nothingFound : texts.join("");
}

const nothingFound =
  "There is nothing to tell: no live deployment was found. Check that the token belongs to the account and workspace (--workspace)\n";

export function failed(error: unknown): string {
  return `pulumi-qoder status failed: ${failureText(error)}\n`;
}

function unknownText({ id, name, reason }: Unknown): string {
  const shown = name === undefined ? printable(id) : `${printable(id)} ${jsonText(name)}`;
  return `Not known: ${shown}\n  ${printable(reason)}\n`;
}
