import { isDeepStrictEqual } from "node:util";
import { QoderApiError } from "../../../provider/api/errors";
import { at, entriesIn, type Made, type Reply, statusText, Untried } from "../lab";
import { agentOfSameName, ownAgent, updateOwn } from "../own-objects";
import { asked, expected, harmless, loses } from "../row";

/** The questions that need only GETs. */
export const readRows = [
  asked({
    name: "models",
    question: "Does the service list its models?",
    needs: "reads",
    assumed: "listed",
    answers: {
      listed: expected(
        "the service lists them",
        "the model of an agent is sent as it is declared; the service judges it",
      ),
      away: harmless(
        "the service does not list them",
        "the model of an agent is sent as it is declared; the service judges it",
        { turn: { modelCatalogue: "away" } },
      ),
    },
    async ask(lab) {
      try {
        const { status, body } = await lab.get(["models"]);
        return status < 300 && Array.isArray(body["data"]) ? "listed" : ["away", `${status}`];
      } catch (error) {
        // "List models": 503 if the service cannot reach its catalogue.
        if (error instanceof QoderApiError && error.status === 503) {
          return ["away", "503"];
        }
        throw error;
      }
    },
  }),
  asked({
    name: "page-size",
    question: "Does every list take pages of 100?",
    needs: "reads",
    assumed: "taken",
    answers: {
      taken: expected("the lists of agents, environments and deployments do", "lists are read in pages of 100"),
      refused: harmless("a list refuses them", "commands and look-ups that read this list fail with the refusal", {
        remedy: "Give objects to commands and look-ups by their ids",
      }),
    },
    async ask(lab) {
      for (const collection of ["agents", "environments", "deployments"]) {
        const reply = await lab.get([collection], { limit: "100" });
        if (reply.status >= 300) {
          return ["refused", `${collection}, ${statusText(reply)}`];
        }
      }
      return "taken";
    },
  }),
  asked({
    name: "next-page",
    question: "Does each page of a list name the next one?",
    needs: "reads",
    assumed: "named",
    answers: {
      named: expected("a page has `next_page`", "the next page is asked for by `next_page`"),
      missing: harmless(
        "a page has no `next_page`",
        "the next page is asked for by `after_id`, with the last id of the page",
        { turn: { nextPage: "missing" } },
      ),
    },
    async ask(lab) {
      const { body } = await lab.get(["agents"], { limit: "1" });
      if (at(body, "has_more") === undefined) {
        throw new Untried("the list has no `has_more`, so it is not a page");
      }
      return "next_page" in body ? "named" : "missing";
    },
  }),
];

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
        "a refresh sends a GET for each object, and at most two requests for pages",
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
