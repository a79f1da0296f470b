import { at, entriesIn, type Lab, type Made, takenOr } from "../lab";
import { agentOfSameName, ownAgent, ownDeployment, ownEnvironment, ownVault } from "../own-objects";
import { type Answer, asked, expected, harmless, loses } from "../row";

/** A row about a second archive of an object. */
function twiceRow(name: string, object: string, make: (lab: Lab) => Promise<Made>, more: Pick<Answer, "turn"> = {}) {
  return asked({
    name,
    question: `Is a second archive of ${object} refused?`,
    assumed: "refused",
    answers: {
      refused: expected(
        "it is refused",
        "after a 409 the provider reads the object; an archived one counts as archived",
      ),
      done: harmless("it is done", "the provider takes the answer", more),
    },
    async ask(lab) {
      const { path } = await make(lab);
      await lab.post([...path, "archive"]);
      return takenOr(await lab.post([...path, "archive"]), "done", "refused");
    },
  });
}

/** The deployment, which an earlier row may have archived already. */
async function archivedDeployment(lab: Lab): Promise<Made> {
  const made = await ownDeployment(lab);
  await lab.post([...made.path, "archive"]);
  return made;
}

/** The questions that archive the objects of the probe. */
export const endRows = [
  asked({
    name: "filters",
    question: "Are lists narrowed by `agent_id` and by `created_at[gte]`?",
    assumed: "narrowed",
    answers: {
      narrowed: expected("they are", "the provider asks for what it needs, and compares once more"),
      ignored: harmless("a parameter is ignored", "the provider reads more than it needs, and compares once more", {
        turn: { ownerFilters: "ignore" },
      }),
    },
    async ask(lab) {
      const [{ id }, { id: agent }] = [await ownDeployment(lab), await agentOfSameName(lab).catch(() => ownAgent(lab))];
      const listed = async (collection: string, query: Readonly<Record<string, string>>) =>
        entriesIn(await lab.get([collection], { limit: "100", ...query })).map((one) => at(one, "id"));
      const isOfAnother =
        agent !== (await ownAgent(lab)).id && (await listed("deployments", { agent_id: agent })).includes(id);
      const tomorrow = new Date(lab.now() + 86_400_000).toISOString();
      const later = await listed("environments", { "created_at[gte]": tomorrow });
      const wrong = [isOfAnother ? "`agent_id`" : "", later.length > 0 ? "`created_at[gte]`" : ""].filter(Boolean);
      return wrong.length === 0 ? "narrowed" : ["ignored", wrong.join(", ")];
    },
  }),
  asked({
    name: "archive-in-use",
    question: "Does the service stop an archive of what a deployment needs?",
    assumed: "no",
    answers: {
      no: expected("it does not", "the provider looks for live deployments first"),
      yes: harmless("it does", "the provider looks for live deployments first, and reports a refusal"),
    },
    async ask(lab) {
      await ownDeployment(lab);
      return takenOr(await lab.post([...(await ownEnvironment(lab)).path, "archive"]), "no", "yes");
    },
  }),
  twiceRow("archive-deployment-twice", "a deployment", ownDeployment),
  asked({
    name: "archived-write",
    question: "Does the service refuse an update of an archived deployment?",
    assumed: "refused",
    answers: {
      refused: expected(
        "it does",
        "the error says what the service said; the next refresh shows that the deployment is archived",
      ),
      taken: loses("it does not", "the next refresh shows that the deployment is archived", {
        remedy: "Run `pulumi refresh` before `up`: it shows what somebody archived",
      }),
    },
    async ask(lab) {
      const { path } = await archivedDeployment(lab);
      return takenOr(await lab.post(path, { description: "probe" }), "taken", "refused");
    },
  }),
  asked({
    name: "archived-read",
    question: "Can an archived object still be read, and does a list leave it out?",
    assumed: "so",
    answers: {
      so: expected(
        "a GET shows `archived_at`, and the list leaves it out",
        "a refresh says that it is archived, and `up` creates another",
      ),
      "not read": harmless("a GET does not show it", "404 counts as gone once the token sees what the object needs"),
      listed: harmless("the list shows it", "lists are read without what is archived"),
    },
    async ask(lab) {
      const { path, id } = await archivedDeployment(lab);
      if ((await lab.get(path)).body["archived_at"] == null) {
        return "not read";
      }
      const live = entriesIn(await lab.get(["deployments"], { limit: "100" }));
      return live.some((one) => at(one, "id") === id) ? "listed" : "so";
    },
  }),
  twiceRow("archive-agent-twice", "an agent", ownAgent, { turn: { archiveAgentTwice: 200 } }),
  twiceRow("archive-vault-twice", "a vault", ownVault, { turn: { archiveElsewhereTwice: 200 } }),
];
