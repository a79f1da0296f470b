import { QoderApiError } from "../provider/api/errors";
import { at, statusText, Untried } from "./lab";
import { asked, expected, harmless } from "./row";

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
