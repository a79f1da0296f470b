import { QoderApiError, QoderError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import { info } from "../../api/remark";
import type { Json, JsonObject } from "../../api/schema";
import { ownedArguments } from "../arguments";
import { argumentNames, type Recorded } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import { type Change, changesBetween, updateBody } from "./patch";

/** Where somebody changes the object again and again, a person must look. */
const mostRefusals = 3;

/**
 * Sends the changes: one request, which names the version that they were computed from where the kind has versions. A
 * refused version is no error by itself: where nothing that is ours was changed elsewhere, what is left to do is sent on top.
 * The answer to an earlier try may be lost, so the object may be as wanted already.
 */
export async function sendPatch<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  changes: readonly Change<Arguments>[],
  recorded: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
): Promise<Reply> {
  const { locking } = objects.kind;
  if (locking === undefined) {
    return objects.update(id, updateBody(objects.kind, changes, undefined));
  }
  let version = locking.current(recorded.outputs);
  let left = changes;
  for (let refusals = 0; ; refusals += 1) {
    const answer =
      version === undefined
        ? new QoderError(`the state knows no ${locking.member}, and the service does not tell it`)
        : await tried(objects, id, updateBody(objects.kind, left, version));
    if (!(answer instanceof QoderError)) {
      return answer;
    }
    const now = await objects.get(id);
    const present = locking.current(toldOutputs(objects.kind, now));
    const isStale = present !== undefined && present !== version && now.archived_at == null;
    if (!isStale || refusals === mostRefusals) {
      throw answer;
    }
    const news: News = { member: locking.member, known: version, present };
    left = await leftToDo(objects, now, recorded, wanted, news);
    if (left.length === 0) {
      return now;
    }
    version = present;
  }
}

interface News {
  readonly member: string;
  readonly known: Json | undefined;
  readonly present: Json;
}

/** The changes that make the wanted object of what somebody else made; an error where he changed what is ours. */
async function leftToDo<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  now: Reply,
  recorded: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
  { member, known, present }: News,
): Promise<Change<Arguments>[]> {
  const { client, kind } = objects;
  const foreign = changedElsewhere(objects, now, recorded.arguments, wanted);
  if (foreign.length > 0) {
    const after = known === undefined ? "" : ` after ${known}, the last that the state knows,`;
    throw new QoderError(
      `nothing was sent over what somebody else changed: ${member} ${present} was made${after} and differs in ${foreign.join("; ")}. Run \`pulumi refresh\` to take it in; the next \`pulumi preview\` shows it beside what the program declares`,
    );
  }
  const live = { arguments: ownedArguments(kind, now, recorded.arguments), outputs: toldOutputs(kind, now) };
  const left = changesBetween(kind, live, wanted);
  if (left.length > 0 && known !== undefined) {
    await client.remark(
      info(
        `${member} ${present} was made elsewhere and changed nothing that the program declares; the update goes on from there`,
      ),
    );
  }
  return left;
}

/** The answer, or why it was refused. */
async function tried<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  body: JsonObject,
): Promise<Reply | QoderApiError> {
  try {
    return await objects.update(id, body);
  } catch (error) {
    if (error instanceof QoderApiError && error.status === 409) {
      return error;
    }
    throw error;
  }
}

/** In words, each argument that is neither as it was applied nor as it is wanted. */
function changedElsewhere<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { kind, secretArguments }: Objects<Arguments, Outputs, Reply>,
  now: Reply,
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
): string[] {
  const outputs = toldOutputs(kind, now);
  const live = ownedArguments(kind, now, applied);
  const differsFrom = (asked: Partial<Arguments>) => {
    const shown = { arguments: ownedArguments(kind, now, asked), outputs };
    return new Set<keyof Arguments>(changesBetween(kind, shown, asked).map(({ argument }) => argument));
  };
  const [fromApplied, fromWanted] = [differsFrom(applied), differsFrom(wanted)];
  return argumentNames(kind)
    .filter((name) => fromApplied.has(name) && fromWanted.has(name))
    .map((name) => {
      const isSecret = secretArguments.includes(name) || kind.fields[name].secretMembers !== undefined;
      return `${name}${isSecret ? " (a secret)" : `: ${difference(applied[name], live[name])}`}`;
    });
}

const mostShown = 80;
const contextShown = 20;

/** Both values around the first character in which they differ. */
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
