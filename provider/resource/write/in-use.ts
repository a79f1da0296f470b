import { QoderError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import type { Listed } from "../../api/schema";
import type { CommandLists } from "../command-lists";
import type { Objects } from "../objects";

const mostNamed = 5;
const longestPart = 100;

/** An archive is for ever, so live objects that name this one keep it, unless the state says `archiveInUse`. */
export async function refuseWhileInUse({ client, kind }: Objects, id: string, lists: CommandLists): Promise<void> {
  const users = kind.users === undefined ? [] : await lists.users(client, kind.users, id);
  if (kind.users === undefined || users.length === 0) {
    return;
  }
  const { noun } = kind.users.kind;
  const name = users.length === 1 ? `a live ${noun} names it` : `${users.length} live ${noun}s name it`;
  const more = users.length > mostNamed ? ` and ${users.length - mostNamed} more` : "";
  const shown = users.slice(0, mostNamed).map(identified).join(", ");
  throw new QoderError(
    `${id} was not archived: ${name}: ${shown}${more}. Archive ${users.length === 1 ? "it" : "them"} or name another ${kind.noun} there first, then run the same command again; retainOnDelete: true keeps the ${kind.noun}, and archiveInUse: true archives it nevertheless: either counts once \`pulumi up\` has recorded it`,
  );
}

function identified({ id, name }: Listed): string {
  const shown = excerpt(id, longestPart);
  return name === undefined ? shown : `"${excerpt(name, longestPart)}" (${shown})`;
}
