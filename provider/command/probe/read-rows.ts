import { QoderApiError } from "../../api/errors";
import { at, statusText, Untried } from "./lab";
import { asked } from "./row";

/** The questions that need only GETs. */
export const readRows = [
  asked({
    name: "models",
    question: "Does the service list its models?",
    needs: "reads",
    assumed: "listed",
    answers: {
      listed: ["the service lists them", "the model of an agent is sent as it is declared; the service judges it"],
      away: [
        "the service does not list them",
        "the model of an agent is sent as it is declared; the service judges it",
      ],
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
      taken: ["the lists of agents, environments and deployments do", "lists are read in pages of 100"],
      refused: ["a list refuses them", "commands and look-ups that read this list fail with the refusal"],
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
      named: ["a page has `next_page`", "the next page is asked for by `next_page`"],
      missing: ["a page has no `next_page`", "the next page is asked for by `after_id`, with the last id of the page"],
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
