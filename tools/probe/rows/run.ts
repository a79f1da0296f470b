import { randomUUID } from "node:crypto";
import { at, entriesIn, idOf, type Lab, statusText, Untried } from "../lab";
import { ownDeployment } from "../own-objects";
import { asked, assumed, costs, expected, harmless, notAsked } from "../row";

interface Run {
  readonly path: readonly string[];
  readonly key: string;
  readonly id: string;
  /** `updated_at` of the deployment right before and right after the start of the run. */
  readonly touched: readonly [before: unknown, after: unknown];
  readonly isListed: boolean;
  readonly session: readonly string[];
}

const runs = new WeakMap<Lab, Promise<Run>>();

/** One run for all rows. The deployment has no schedule, and is active only for the start of this run. */
function ownRun(lab: Lab): Promise<Run> {
  const run = runs.get(lab) ?? start(lab);
  runs.set(lab, run);
  return run;
}

async function start(lab: Lab): Promise<Run> {
  const { path } = await ownDeployment(lab);
  await lab.post(path, { budget: { type: "limit", max_credit_cost: "3.00" } });
  await lab.post([...path, "unpause"]);
  const before = (await lab.get(path)).body["updated_at"];
  const key = randomUUID();
  // `updated_at` may be in whole seconds.
  await lab.wait(1_100);
  const reply = await lab.post([...path, "run"], {}, key);
  const id = idOf(reply);
  if (id === undefined) {
    throw new Untried(`the service answered ${statusText(reply)} to the run`);
  }
  const after = (await lab.get(path)).body["updated_at"];
  const isListed = entriesIn(await lab.get([...path, "runs"])).some((one) => at(one, "id") === id);
  const session = ["sessions", String(reply.body["session_id"])];
  return { path, key, id, touched: [before, after], isListed, session };
}

/** The newest events of the session of the run, as the product asks for them. */
async function eventsOf(lab: Lab, query: Readonly<Record<string, string>>): Promise<readonly unknown[]> {
  const { session } = await ownRun(lab);
  const reply = await lab.get([...session, "events"], { limit: "100", ...query });
  const events = entriesIn(reply);
  if (reply.status >= 300 || events.length < 2) {
    throw new Untried(`the service answered ${statusText(reply)} with ${events.length} events`);
  }
  return events;
}

const mostLooks = 20;

async function statusOf(lab: Lab, session: readonly string[]): Promise<string> {
  return String((await lab.get(session)).body["status"]);
}

/** The questions that cost credits, asked only with `--with-run`. */
export const runRows = [
  asked({
    name: "run-key",
    question: "Does the start of a run honour `Idempotency-Key`?",
    needs: "a run",
    assumed: "honoured",
    answers: {
      honoured: expected(
        "the same start under the same key is answered with the first run",
        "a resource with the same `triggers` has one run",
      ),
      ignored: costs("the key is ignored, and a second run started", "a killed `up` may lead to a second run", {
        remedy: "After an interrupted `up` look at the runs of the deployment before you run `up` again",
        turn: { idempotencyKeysForRuns: "ignore" },
      }),
    },
    async ask(lab) {
      const { path, key, id } = await ownRun(lab);
      const reply = await lab.post([...path, "run"], {}, key);
      await lab.post([...path, "pause"]);
      return idOf(reply) === id ? "honoured" : ["ignored", statusText(reply)];
    },
  }),
  assumed({
    name: "run-listed",
    question: "Does the list of runs show a new run at once?",
    needs: "a run",
    yes: ["it does", "after a lost answer the list shows whether a run started"],
    no: harmless(
      "it does not",
      "after a lost answer the provider looks again, and does not start a second run meanwhile",
      { turn: { runsUnlistedForMs: 5_000 } },
    ),
    ask: async (lab) => (await ownRun(lab)).isListed,
  }),
  asked({
    name: "run-touches",
    question: "Does a run change `updated_at` of its deployment?",
    needs: "a run",
    assumed: "no",
    answers: {
      no: expected(
        "it does not",
        "a refresh reads deployments that ran from pages of the list; `status` looks for missed runs since the last change",
      ),
      yes: harmless(
        "it does",
        "a refresh sends a GET for each deployment that ran since the last one; a change in the second of a run counts as the run: `missed` of `status` may name due times before a change that the run hides",
        { turn: { runTouchesDeployment: true } },
      ),
    },
    async ask(lab) {
      const [before, after] = (await ownRun(lab)).touched;
      return before === after ? "no" : "yes";
    },
  }),
  assumed({
    name: "run-session",
    question: "Does the session of a run name its deployment?",
    needs: "a run",
    yes: ["it does", "`status`, `limits` and `cancel` find the sessions of a deployment by it"],
    no: costs("it does not", "no command counts or ends the session", {
      remedy: "Look for open sessions at the console",
      turn: { sessionDeployment: "unnamed" },
    }),
    async ask(lab) {
      const { path, session } = await ownRun(lab);
      return (await lab.get(session)).body["deployment_id"] === path[1];
    },
  }),
  assumed({
    name: "event-order",
    question: "Does the list of events honour `order=desc`?",
    needs: "a run",
    yes: ["the newest event is first", "one page says how a run ended"],
    no: harmless("it does not", "the result of a session with more than 100 events is an error that says so", {
      turn: { eventOrderQuery: "ignore" },
    }),
    async ask(lab) {
      const [events, reversed] = [await eventsOf(lab, { order: "desc" }), await eventsOf(lab, { order: "asc" })];
      return at(events, 0, "id") === at(reversed, reversed.length - 1, "id");
    },
  }),
  assumed({
    name: "session-updated",
    question: "Does `updated_at` of a session follow its events?",
    needs: "a run",
    yes: ["it does", "a session that was read after its newest event shows its credits and its gradings"],
    no: harmless(
      "it does not",
      "the result of each run takes one more GET, and `status` and `logs --since` miss a run that began before their window and ended in it",
      { remedy: "Give `status` and `logs` a window in which the run began", turn: { sessionUpdates: "never" } },
    ),
    async ask(lab) {
      const [newest] = await eventsOf(lab, { order: "desc" });
      const { body } = await lab.get((await ownRun(lab)).session);
      return Date.parse(String(body["updated_at"])) >= Date.parse(String(at(newest, "processed_at")));
    },
  }),
  assumed({
    name: "session-cancel",
    question: "Does a cancel end a session that works?",
    needs: "a run",
    yes: ["within 20 seconds it works no more", "`cancel`, `pause --cancel` and `limits --cancel` stop what costs"],
    no: costs("it still works after that", "the command names the session, and its exit status is 1", {
      remedy: "Look at the session at the console, and run `cancel` again",
      turn: { cancelTakesMs: 3_600_000 },
    }),
    async ask(lab) {
      const { session } = await ownRun(lab);
      const isWorking = async () => ["running", "rescheduling", "canceling"].includes(await statusOf(lab, session));
      if (!(await isWorking())) {
        throw new Untried("the run of the probe had ended before");
      }
      await lab.post([...session, "cancel"]);
      for (let looks = 0; looks < mostLooks && (await isWorking()); looks += 1) {
        await lab.wait(1_000);
      }
      return !(await isWorking());
    },
  }),
  notAsked(
    "run-timeout",
    "Does the service end a run after `timeout_ms` (documented default 300000)?",
    "it takes a run that works longer than its limit, and the run of the probe answers with one word",
    "`status` counts an open session as a problem from `timeoutMs` on, or after an hour, and `cancel` ends it",
  ),
];
