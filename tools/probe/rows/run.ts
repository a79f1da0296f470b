import { randomUUID } from "node:crypto";
import { at, entriesIn, idOf, type Lab, statusText, Untried } from "../lab";
import { ownDeployment } from "../own-objects";
import { asked, costs, expected, harmless, notAsked } from "../row";

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
  asked({
    name: "run-listed",
    question: "Does the list of runs show a new run at once?",
    needs: "a run",
    assumed: "at once",
    answers: {
      "at once": expected("it does", "after a lost answer the list shows whether a run started"),
      later: harmless(
        "it does not",
        "after a lost answer the provider looks again, and does not start a second run meanwhile",
        { turn: { runsUnlistedForMs: 5_000 } },
      ),
    },
    ask: async (lab) => ((await ownRun(lab)).isListed ? "at once" : "later"),
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
  asked({
    name: "run-session",
    question: "Does the session of a run name its deployment?",
    needs: "a run",
    assumed: "named",
    answers: {
      named: expected("it does", "`status`, `limits` and `cancel` find the sessions of a deployment by it"),
      missing: costs("it does not", "no command counts or ends the session", {
        remedy: "Look for open sessions at the console",
      }),
    },
    async ask(lab) {
      const { path, session } = await ownRun(lab);
      return (await lab.get(session)).body["deployment_id"] === path[1] ? "named" : "missing";
    },
  }),
  asked({
    name: "event-order",
    question: "Does the list of events honour `order=desc`?",
    needs: "a run",
    assumed: "honoured",
    answers: {
      honoured: expected("the newest event is first", "one page says how a run ended"),
      ignored: harmless("it does not", "the result of a session with more than 100 events is an error that says so", {
        turn: { eventOrderQuery: "ignore" },
      }),
    },
    async ask(lab) {
      const [events, reversed] = [await eventsOf(lab, { order: "desc" }), await eventsOf(lab, { order: "asc" })];
      return at(events, 0, "id") === at(reversed, reversed.length - 1, "id") ? "honoured" : "ignored";
    },
  }),
  notAsked(
    "run-timeout",
    "Does the service end a run after `timeout_ms` (documented default 300000)?",
    "it takes a run that works longer than its limit, and the run of the probe answers with one word",
    "`status` counts an open session as a problem from `timeoutMs` on, or after an hour, and `cancel` ends it",
  ),
];
