import { mayHaveActed, QoderApiError, QoderError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import { info } from "../../api/remark";
import type { Json } from "../../api/schema";
import { liveAsRecorded } from "../arguments";
import { comparedWith } from "../baseline";
import { same } from "../fields/comparison";
import type { Known } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, shownOutputs } from "../outputs";
import type { Properties } from "../program-values";
import { type Change, changesBetween, type Patch, updateBody } from "./plan";
import { carriesSecret, sendSecret } from "./secrets";
import { sendVersion } from "./versions";

/**
 * Sends the changes in one request. For a kind with versions, the request names the version from which the changes were computed. If the
 * service refuses that version and nobody changed an argument of the program, this function sends the remaining changes once more, on
 * top of the newer version. If the answer to an earlier try was lost, the object may already be as wanted.
 */
export async function sendPatch(objects: Objects, patch: Patch): Promise<BaseReply> {
  const { id, changes, applied, wanted } = patch;
  const { locking, upload } = objects.kind;
  if (upload?.versions !== undefined) {
    return sendVersion(objects, patch);
  }
  if (locking === undefined) {
    const body = updateBody(objects.kind, changes, undefined);
    return carriesSecret(objects.kind, changes) ? sendSecret(objects, patch, body) : objects.update(id, body, wanted);
  }
  const known = locking.current(applied.outputs);
  const answer =
    known === undefined
      ? new QoderError(`the state knows no ${locking.member}, and the service does not tell it`)
      : await objects.update(id, updateBody(objects.kind, changes, known), wanted).catch(refusal);
  if (!(answer instanceof QoderError)) {
    return answer;
  }
  const now = await objects.get(id).catch((error: unknown) => {
    // If the answer to the update was lost, its outcome is still unknown.
    throw mayHaveActed(answer) ? answer : error;
  });
  const present = locking.current(shownOutputs(objects.kind, now));
  if (present === undefined || present === known || now.archived_at != null) {
    throw answer;
  }
  const left = await leftToDo(objects, now, patch, { member: locking.member, known, present });
  return left.length === 0 ? now : objects.update(id, updateBody(objects.kind, left, present), wanted);
}

/** The changes that remain on top of the newer version. Throws if somebody changed an argument that the program gives. */
async function leftToDo(
  objects: Objects,
  now: BaseReply,
  { changes, applied, wanted }: Patch,
  { member, known, present }: { readonly member: string; readonly known: Json | undefined; readonly present: Json },
): Promise<Change[]> {
  const { client, kind } = objects;
  const foreign = changedElsewhere(objects, now, applied, wanted);
  if (foreign.length > 0) {
    const after = known === undefined ? "" : ` after ${known}, the last that the state knows,`;
    throw new QoderError(
      `nothing was sent over what somebody else changed: ${member} ${present} was made${after} and differs in ${foreign.join("; ")}. Run \`pulumi refresh\` to take it in; the next \`pulumi preview\` shows it beside what the program declares`,
    );
  }
  const live = {
    arguments: liveAsRecorded(kind, now, applied.arguments, applied.baseline),
    outputs: shownOutputs(kind, now),
  };
  const isOurs = ({ argument }: Change) => changes.some((change) => change.argument === argument);
  const left = changesBetween(kind, live, wanted).filter(isOurs);
  if (left.length > 0 && known !== undefined) {
    await client.remark(
      info(
        `${member} ${present} was made elsewhere and changed nothing that the program declares; the update continues from there`,
      ),
    );
  }
  return left;
}

/** The refusal of the version. Throws any other error. */
function refusal(error: unknown): QoderApiError {
  if (error instanceof QoderApiError && error.status === 409) {
    return error;
  }
  throw error;
}

/** The arguments, in words, that somebody changed to other values than the program gives. */
function changedElsewhere(
  { kind, secretArguments }: Objects,
  now: BaseReply,
  { arguments: applied, outputs, baseline }: Known,
  wanted: Properties,
): string[] {
  return Object.entries(kind.fields).flatMap(([name, field]) => {
    const [before, declared] = [applied[name], wanted[name]];
    const { sent, basis } = comparedWith(field, before, baseline, name);
    const live = field.read(now, sent, basis);
    const isAsDeclared = () => same(field.read(now, declared), declared);
    const change =
      field.changedElsewhere !== undefined
        ? field.changedElsewhere(now, before, declared, outputs)
        : same(live, before) || isAsDeclared()
          ? undefined
          : ([before, live] as const);
    if (change === undefined) {
      return [];
    }
    const isSecret = secretArguments.includes(name) || field.secretMembers !== undefined;
    return [`${name}${isSecret ? " (a secret)" : `: ${difference(...change)}`}`];
  });
}

const mostShown = 80;
const contextShown = 20;

/** Both values, cut around the first character that differs. */
function difference(before: unknown, now: unknown): string {
  const [one, other] = [asText(before), asText(now)];
  let first = 0;
  while (first < one.length && one[first] === other[first]) {
    first += 1;
  }
  const start = Math.max(first - contextShown, 0);
  const shown = (text: string) => `${start > 0 ? "…" : ""}${excerpt(text.slice(start), mostShown)}`;
  return `${shown(one)} => ${shown(other)}`;
}

function asText(value: unknown): string {
  return value === undefined ? "nothing" : JSON.stringify(value);
}
