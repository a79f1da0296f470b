import { eachOf } from "./client";
import { type ReadDeployment, readDeployments, readToAct } from "./deployments";
import { type CommandAccount, type Context, inEachAccount, type Scopes, type UnreadObject } from "./scope";
import { nothingText, type Selected } from "./selection";
import { isConfirmed, onInterruption, type WriteSurroundings } from "./terminal";
import { lines, printable, shown } from "./words";

const exitStatus = { asAsked: 0, notAsAsked: 1 } as const;

export interface Known {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
}

/** What a command has read in an account. */
interface ReadFleet<Thing> {
  readonly read: readonly Thing[];
  readonly unread: readonly UnreadObject[];
  /** Why a list ended early. */
  readonly cutOff?: string | undefined;
}

export interface KnownFleet extends ReadFleet<Known> {
  readonly account: CommandAccount;
}

/** What a command does with an object. `leave`: it has a reason not to act, which is no failure; `nothing`: the command line does not mean it. */
export interface Decision {
  readonly does: "act" | "leave" | "fail" | "nothing";
  readonly reason?: string | undefined;
}

/** How a command acts on objects: `Thing` is what it has read of one, `Item` is this with its decision. */
export interface Act<Thing extends object, Item extends Thing & Decision> {
  /** What the command does, for a command that fails if it finds nothing. */
  readonly verb: Parameters<typeof nothingText>[0] | undefined;
  /** The beginning of a line about what was not done. */
  readonly not: string;
  readonly fleets: readonly ReadFleet<Thing>[];
  named(thing: Thing): { readonly id: string; readonly name?: string | null | undefined };
  /** The one decision: before the question, and again right before the act, because a question and many acts take time. */
  decide(thing: Thing, scopes: Scopes): Item | Promise<Item>;
  /** The plan, in lines. */
  title(items: readonly Item[]): readonly string[];
  /** Undefined if there is nothing to do. */
  question(todo: readonly Item[]): string | undefined;
  again(item: Item): Promise<Thing | UnreadObject>;
  /** Acts on the item, and returns it as it is then: `fail` with the reason if that was not done. */
  act(item: Item): Promise<Item>;
  /** What follows the acts, or the plan if there are none. `tried`: the items as the acts have left them. */
  close(tried: readonly Item[], scopes: Scopes): Promise<Closing<Thing>> | Closing<Thing>;
  /** What the person reads who ends the command while it acts, in lines. */
  interrupted?(): readonly string[];
}

interface Closing<Thing> {
  /** What was done, in lines. */
  readonly done: readonly string[];
  readonly problems?: readonly string[];
  /** What the command has read last, in place of what it read first. */
  readonly fleets?: readonly ReadFleet<Thing>[];
}

export interface ActingCommand extends Selected {
  readonly yes: boolean;
  readonly dryRun: boolean;
}

/** Decides about each object, lists that, asks, decides again, acts, and says what failed. Returns the exit status. */
export async function actOn<Thing extends object, Item extends Thing & Decision>(
  { command, scopes, again, streams, surroundings }: Context<ActingCommand, WriteSurroundings>,
  work: Act<Thing, Item>,
): Promise<number> {
  const { stdout, stderr } = streams;
  const things = work.fleets.flatMap(({ read }) => read);
  const items = await eachOf(things, async (thing) => work.decide(thing, scopes));
  const todo = items.filter(({ does }) => does === "act");
  stdout.write(lines(work.title(items)));
  const question = command.dryRun ? undefined : work.question(todo);
  if (question !== undefined && !(await isConfirmed(command, surroundings.ask, question, stderr))) {
    return exitStatus.notAsAsked;
  }
  // During a question `pulumi up` may have changed what the stack declares.
  const current = command.yes || question === undefined ? scopes : await again();
  const { tried, closing } = await untilInterrupted(
    () => stdout.write(lines(work.interrupted?.() ?? [])),
    async () => {
      const all = await eachOf(question === undefined ? [] : todo, (item) => actAgain(item, work, current));
      return { tried: all, closing: await work.close(all, current) };
    },
  );
  stdout.write(lines(closing.done));
  const { fleets = work.fleets } = closing;
  const problems = [failures(work, items), failures(work, tried), closing.problems ?? []].flat();
  const unread = [...fleets.flatMap((fleet) => fleet.unread), ...scopes.unknown];
  const all = [
    ...fleets.flatMap(({ cutOff }) =>
      cutOff === undefined ? [] : [`Not all deployments were read: ${printable(cutOff)}`],
    ),
    ...unread.map((one) => notDone(work, one, one.reason)),
    ...problems,
  ];
  const nothing =
    work.verb === undefined || things.length + all.length > 0 ? "" : nothingText(work.verb, command.selection);
  stderr.write(`${nothing}${lines(all)}`);
  return nothing !== "" || all.length > 0 ? exitStatus.notAsAsked : exitStatus.asAsked;
}

/** Reads and decides once more, and acts if the decision is the same. */
async function actAgain<Thing extends object, Item extends Thing & Decision>(
  item: Item,
  { again, decide, act }: Act<Thing, Item>,
  scopes: Scopes,
): Promise<Item> {
  const read = await again(item);
  if (isUnread(read)) {
    return { ...item, does: "fail", reason: read.reason };
  }
  const now = await decide(read, scopes);
  return now.does === "nothing"
    ? { ...now, does: "fail", reason: "somebody has changed it meanwhile" }
    : now.does === "act"
      ? act(now)
      : now;
}

const isUnread = (read: object): read is UnreadObject => "reason" in read;

function failures<Thing extends object, Item extends Thing & Decision>(
  work: Act<Thing, Item>,
  items: readonly Item[],
): string[] {
  const failed = items.filter(({ does }) => does === "fail");
  return failed.map((item) => notDone(work, work.named(item), item.reason ?? ""));
}

function notDone({ not }: { readonly not: string }, named: Parameters<typeof shown>[0], reason: string): string {
  return `${not}: ${shown(named)}: ${printable(reason)}`;
}

/** Does the work. If the person or an error ends it, says first what was done. */
async function untilInterrupted<Result>(tell: () => void, work: () => Promise<Result>): Promise<Result> {
  const stop = onInterruption(() => {
    tell();
    // Without the listener the signal ends the process, as if nobody had listened.
    process.kill(process.pid, "SIGINT");
  });
  try {
    return await work();
  } catch (error) {
    tell();
    throw error;
  } finally {
    stop();
  }
}

/** Reads the selected deployments of each account, to act on them. */
export function readToActOn({ accounts }: Pick<Context<unknown>, "accounts">): Promise<KnownFleet[]> {
  return inEachAccount<KnownFleet>(
    accounts,
    async (account) => {
      const { read: all, unread, cutOff } = await readDeployments(account);
      const read = await eachOf(all, async (deployment) => {
        // Not every list shows the metadata, which has the holds.
        const isWhole = deployment.status !== "paused" || deployment.metadata !== undefined;
        return isWhole ? { account, deployment } : readAgain({ account, deployment });
      });
      const known = read.filter((one) => "deployment" in one);
      return { account, read: known, unread: [...unread, ...read.filter(isUnread)], cutOff };
    },
    (unread, account) => ({ account, read: [], unread }),
  );
}

/** The deployment as a GET shows it. */
export async function readAgain({ account, deployment: { id, name } }: Known): Promise<Known | UnreadObject> {
  const now = await readToAct(account.client.forObject(), id);
  // An archive changes the name.
  return "reason" in now ? { id, name, reason: now.reason } : { account, deployment: { ...now, name } };
}
