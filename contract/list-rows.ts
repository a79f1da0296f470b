import { isDeepStrictEqual } from "node:util";
import { at, entriesIn, type Made, type Reply, statusText } from "./lab";
import { agentOfSameName, ownAgent, updateOwn } from "./own-objects";
import { asked, expected, harmless, loses } from "./row";

const page = { limit: "100" };

/** The questions about the lists that a refresh reads. */
export const listRows = [
  asked({
    name: "listed-whole",
    question: "Does a list show each object as a GET does?",
    assumed: "whole",
    answers: {
      whole: expected("it does", "a refresh of many objects reads pages"),
      part: harmless(
        "it shows other members or values",
        "a refresh sends a GET for each object, and one request for a page",
        { turn: { listEntries: "without-metadata" } },
      ),
    },
    async ask(lab) {
      const made = await ownAgent(lab);
      const { body } = await lab.get(made.path);
      return isDeepStrictEqual(entryOf(await lab.get(["agents"], page), made), body) ? "whole" : "part";
    },
  }),
  asked({
    name: "listed-at-once",
    question: "Does a list show a change at once?",
    assumed: "at-once",
    answers: {
      "at-once": expected("it does", "a refresh shows what changed before it"),
      later: loses(
        "the list lags",
        "a refresh may miss a change of the last seconds; `qoder:refresh: exact` does not",
        { remedy: "Set `qoder:refresh: exact`" },
      ),
    },
    async ask(lab) {
      const { body } = await updateOwn(lab, { description: "listed" });
      const list = await lab.get(["deployments"], page);
      const shown = entriesIn(list).find((entry) => at(entry, "id") === body["id"]);
      return at(shown, "description") === "listed" ? "at-once" : "later";
    },
  }),
  asked({
    name: "before-id",
    question: "Does a list take `before_id`?",
    assumed: "taken",
    answers: {
      taken: expected(
        "the page shows what is newer than that object",
        "a refresh reads the pages beside the objects of the stack",
      ),
      ignored: harmless("the page starts with the newest object", "a refresh reads few objects from pages", {
        turn: { beforeId: "ignore" },
      }),
      refused: harmless("the service refuses it", "a refresh sends a GET for each object, and one request for a page", {
        turn: { beforeId: "reject" },
      }),
    },
    async ask(lab) {
      const made = await ownAgent(lab);
      await agentOfSameName(lab);
      const reply = await lab.get(["agents"], { ...page, before_id: made.id });
      if (reply.status >= 300) {
        return ["refused", statusText(reply)];
      }
      return entryOf(reply, made) === undefined ? "taken" : "ignored";
    },
  }),
];

function entryOf(reply: Reply, { id }: Made): unknown {
  return entriesIn(reply).find((entry) => at(entry, "id") === id);
}
