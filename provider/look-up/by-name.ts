import { type Caller, QoderError } from "../api/errors";
import { excerpt } from "../api/foreign-text";
import { QoderListError } from "../api/object-list";
import type { Listed } from "../api/schema";
import { nearest } from "../resource/check/suggestion";
import { sentences, whoAsked } from "../resource/engine/advice";
import type { Objects } from "../resource/objects";
import type { BaseReply } from "../resource/outputs";

/** Returns the only live object with this name, as in the list. */
export async function findByName(objects: Objects, name: string, caller: Caller | undefined): Promise<BaseReply> {
  const { live, cutOff } = await readAll(objects);
  const { noun } = objects.kind;
  const found = live.filter((one) => one.name === name);
  if (cutOff !== undefined) {
    throw unsure(found, cutOff, noun);
  }
  const [only, ...others] = found;
  if (only === undefined) {
    throw none(name, live, noun, caller);
  }
  if (others.length > 0) {
    throw new QoderError(
      `${found.length} ${noun}s have this name: ${listed(found, withoutName)}. Look up the one that is meant by its id`,
    );
  }
  return objects.listed(only);
}

interface Read {
  readonly live: readonly Listed[];
  /** The reason for which the list could not be read completely. */
  readonly cutOff: QoderListError | undefined;
}

async function readAll({ client, kind }: Objects): Promise<Read> {
  const live: Listed[] = [];
  try {
    for await (const one of client.live(kind)) {
      live.push(one);
    }
    return { live, cutOff: undefined };
  } catch (error) {
    if (error instanceof QoderListError) {
      return { live, cutOff: error };
    }
    throw error;
  }
}

function unsure(found: readonly Listed[], { message }: QoderListError, noun: string): QoderError {
  const known = found.length === 0 ? "" : ` besides ${listed(found, withoutName)}`;
  return new QoderError(
    `${message}. So it is unknown which ${noun}s have this name${known}: look the ${noun} up by its id`,
  );
}

function none(name: string, live: readonly Listed[], noun: string, caller: Caller | undefined): QoderError {
  const reason =
    live.length === 0
      ? `this token sees no ${noun} that is not archived`
      : `none of the ${noun}s that this token sees has this name; ${candidates(name, live)}`;
  const remedy =
    "If it is there, it is archived or belongs to another account or workspace: check qoder:pat, qoder:workspaceId and qoder:baseUrl";
  return new QoderError(sentences(reason, remedy, whoAsked({ caller })) ?? reason);
}

/** No name is longer. A longer text is cut, because a comparison takes time in proportion to the product of both lengths. */
const longestName = 300;

function candidates(name: string, live: readonly Listed[]): string {
  const names = live.flatMap((one) => (one.name !== undefined && one.name.length <= longestName ? [one.name] : []));
  const near = name.length <= longestName ? nearest(name, names) : undefined;
  const [are, shown] = near === undefined ? ["there", live] : ["nearest", live.filter((one) => one.name === near)];
  return `${are} ${shown.length === 1 ? "is" : "are"} ${listed(shown, withName)}`;
}

const mostListed = 10;

function listed(objects: readonly Listed[], identity: (object: Listed) => string): string {
  const shown = objects.slice(0, mostListed).map(identity).join(", ");
  return objects.length > mostListed ? `${shown} and ${objects.length - mostListed} more` : shown;
}

const longestPart = 100;

function withoutName({ id, created_at: createdAt }: Listed): string {
  return createdAt === undefined
    ? excerpt(id, longestPart)
    : `${excerpt(id, longestPart)} (created ${excerpt(createdAt, longestPart)})`;
}

function withName({ id, name }: Listed): string {
  const shown = excerpt(id, longestPart);
  return name === undefined ? shown : `"${excerpt(name, longestPart)}" (${shown})`;
}
