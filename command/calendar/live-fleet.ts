import { newestCredits } from "../../provider/deployment-run/sessions";
import { eachOf } from "../client";
import { meetsAll, readDeployments } from "../deployments";
import type { Sink } from "../printer";
import { type CommandAccount, inEachAccount, type Scopes, type UnreadObject, withAccounts } from "../scope";
import { failureText } from "../words";
import { type Fleet, fleetOf, type Member, memberOf } from "./what-is-scheduled";

/** The selected deployments as the service shows them, with the costs of their last runs. */
export async function liveFleet(scopes: Scopes, stderr: Sink): Promise<Fleet> {
  const read = async (accounts: readonly CommandAccount[]) => ({
    found: await inEachAccount(accounts, foundIn, (unread): FoundIn => ({ members: unread.map(unreadMember) })),
    now: accounts[0]?.client.moment(),
  });
  const { found, now } = await withAccounts(scopes, read, stderr);
  const members = [...found.flatMap((one) => one.members), ...scopes.unknown.map(unreadMember)];
  const [incomplete] = found.flatMap((one) => one.incomplete ?? []);
  const [pastProblem] = found.flatMap((one) => one.pastProblem ?? []);
  return { ...fleetOf(members, incomplete), pastProblem, now };
}

/** The deployments of one account. */
interface FoundIn extends Partial<Pick<Fleet, "incomplete" | "pastProblem">> {
  readonly members: readonly Member[];
}

async function foundIn(account: CommandAccount): Promise<FoundIn> {
  const { read, unread, cutOff } = await readDeployments(account);
  let pastProblem: string | undefined;
  const members = await eachOf(read, async (deployment) => {
    const member = memberOf(deployment);
    if (typeof member === "string" || "reason" in member) {
      return member;
    }
    try {
      // One request: each run has its own session, and the list of sessions contains the credits.
      return { ...member, past: await newestCredits(account.client.forObject(), deployment.id) };
    } catch (error) {
      if (meetsAll(error)) {
        throw error;
      }
      pastProblem ??= failureText(error);
      return member;
    }
  });
  const incomplete = cutOff === undefined ? undefined : `not all deployments were read: ${cutOff}`;
  return { members: [...members, ...unread.map(unreadMember)], incomplete, pastProblem };
}

function unreadMember({ id, name, reason }: UnreadObject): Member {
  return { name: name === undefined ? id : `${id} ${name}`, reason };
}
