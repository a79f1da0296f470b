import type { JsonObject } from "../../../provider/api/schema";
import { addedMembers, changedMembers, placesText } from "../differences";
import { at, type Lab, type Made, type Reply, statusText, Untried } from "../lab";
import { agentOfSameName, ownAgent } from "../own-objects";
import { anotherValue, asked, expected, harmless, loses, otherMembers } from "../row";

/** Updates the agent with its present version, as the provider does. */
async function updateAgent(lab: Lab, { path }: Made, patch: JsonObject): Promise<Reply> {
  const { body } = await lab.get(path);
  return lab.post(path, { version: Number(body["version"]), ...patch });
}

export const agentRows = [
  asked({
    name: "create-answer",
    question: "Does the reply to a create describe the new object?",
    assumed: "new",
    answers: {
      new: expected(
        "it has the name that was sent, and an id with the prefix of its kind",
        "the provider takes the object",
      ),
      other: harmless(
        "it describes something else",
        "the provider does not believe it, and looks for the name that it sent",
      ),
    },
    async ask(lab) {
      const { id, answer } = await ownAgent(lab);
      return answer.body["name"] === lab.name && id.startsWith("agent_") ? "new" : "other";
    },
  }),
  asked({
    name: "shown-at-once",
    question: "Can a new object be read at once?",
    assumed: "at once",
    answers: {
      "at once": expected("a GET shows it", "a refresh right after a create finds the object"),
      later: harmless(
        "a GET answers 404 at first",
        "a 404 for an object that is less than a minute old keeps the state",
        { turn: { hiddenForMs: 2_500 } },
      ),
    },
    async ask(lab) {
      const { unseen } = await ownAgent(lab);
      return unseen === 0 ? "at once" : ["later", `${unseen} times`];
    },
  }),
  asked({
    name: "dates",
    question: "Do the header `Date` and `created_at` come from one clock?",
    assumed: "one clock",
    answers: {
      "one clock": expected(
        "they are at most 5 seconds apart",
        "the two times tell whether an answer to a create is new",
      ),
      apart: harmless(
        "they are further apart",
        "the provider may take a new object for an older one, and says so in a remark or an error; nothing is made twice",
        { turn: { dateAheadMs: 60_000 } },
      ),
    },
    async ask(lab) {
      const { answer } = await ownAgent(lab);
      const created = Date.parse(String(answer.body["created_at"]));
      const apartMs = Math.abs((answer.date?.getTime() ?? Number.NaN) - created);
      return apartMs <= 5_000 ? "one clock" : ["apart", `${Math.round(apartMs / 1_000)} s`];
    },
  }),
  asked({
    name: "model-shown",
    question: "How does the service show a model that was sent as a text?",
    assumed: "text",
    answers: {
      text: expected("as a text", "the state has it as it was sent"),
      object: harmless(
        "as an object",
        "an object with that id counts as the text; settings beside it are the baseline, no drift",
        { turn: { modelEcho: "object" } },
      ),
    },
    async ask(lab) {
      const { shown } = await ownAgent(lab);
      const model = shown["model"];
      return typeof model === "string" ? "text" : ["object", placesText(Object.keys(Object(model)))];
    },
  }),
  asked({
    name: "agent-shown",
    question: "What does the service fill into an agent?",
    assumed: "nothing",
    answers: {
      nothing: expected("what was sent is shown as it was sent", "a refresh compares member by member"),
      defaults: harmless("the documented defaults of its tools", "documented defaults are no drift", {
        turn: { toolSettings: "resolved" },
      }),
      more: otherMembers("elements"),
      otherwise: anotherValue,
    },
    async ask(lab) {
      const { sent, shown } = await ownAgent(lab);
      const tools = [sent["tools"], shown["tools"], "tools"] as const;
      const [added, changed] = [addedMembers(...tools), changedMembers(...tools)];
      if (changed.length > 0) {
        return ["otherwise", placesText(changed)];
      }
      const isDocumented = added.every((place) => /^tools\.\d+\.(default_config|configs)(\.|$)/.test(place));
      return added.length === 0 ? "nothing" : [isDocumented ? "defaults" : "more", placesText(added)];
    },
  }),
  asked({
    name: "filled-in-late",
    question: "Does a GET show the same of a new object as the answer to its create?",
    assumed: "the same",
    answers: {
      "the same": expected("it does", "the answer to a write is the baseline"),
      more: harmless(
        "a GET shows more",
        "what is filled in after the answer is drift, unless it is a documented default",
        { remedy: "Name the member in `ignoreChanges`, or declare its value", turn: { fillingIn: "late" } },
      ),
    },
    async ask(lab) {
      const { answer, shown } = await ownAgent(lab);
      const { updated_at: _, ...first } = answer.body;
      const added = addedMembers(first, shown).filter((place) => place !== "updated_at");
      return added.length === 0 ? "the same" : ["more", placesText(added)];
    },
  }),
  asked({
    name: "stale-version",
    question: "Does the service refuse an update that names an older version?",
    assumed: "refused",
    answers: {
      refused: expected(
        "it answers 409",
        "the provider reads the agent once, and sends the update again where nothing is overwritten",
      ),
      taken: loses("it does not", "an edit at the same time as an `up` is overwritten", {
        remedy: "Edit no agent at the console while an `up` runs",
      }),
    },
    async ask(lab) {
      const { path } = await agentOfSameName(lab);
      const version = Number((await lab.get(path)).body["version"]);
      await lab.post(path, { version, description: "first" });
      const reply = await lab.post(path, { version, description: "second" });
      return reply.status === 409 ? "refused" : ["taken", statusText(reply)];
    },
  }),
  asked({
    name: "update-shown",
    question: "Does a 200 mean that an update was done?",
    assumed: "done",
    answers: {
      done: expected("the answer shows the new value", "the state has it"),
      late: harmless(
        "only a GET shows the new value",
        "the provider reads the object once more, and the state has the new value",
      ),
      ignored: harmless("nothing shows the new value", "the update fails, and the next `up` sends it again", {
        remedy: "Look at the object at the console before you run `up` again",
      }),
    },
    async ask(lab) {
      const agent = await agentOfSameName(lab);
      const system = "Answer with the word yes.";
      const { body } = await updateAgent(lab, agent, { system });
      const isDone = (value: unknown) => at(value, "system") === system;
      return isDone(body) ? "done" : isDone((await lab.get(agent.path)).body) ? "late" : "ignored";
    },
  }),
  asked({
    name: "team-null",
    question: "Does `multiagent: null` clear the team of an agent?",
    assumed: "cleared",
    answers: {
      cleared: expected("null clears it", "a team that leaves the program is removed in place"),
      ignored: harmless(
        "null is taken, and the team stays",
        "the update fails, and its error names `replaceOnChanges`",
        { remedy: 'Set `replaceOnChanges: ["multiagent"]` before you remove a team' },
      ),
      refused: harmless("null is refused", "the update fails, and its error names `replaceOnChanges`", {
        remedy: 'Set `replaceOnChanges: ["multiagent"]` before you remove a team',
        turn: { multiagentNull: "reject" },
      }),
    },
    async ask(lab) {
      const agent = await ownAgent(lab);
      const team = { type: "coordinator", agents: [{ type: "self" }] };
      const given = await updateAgent(lab, agent, { multiagent: team });
      if (given.status >= 300) {
        throw new Untried(`the service answered ${statusText(given)} to a team`);
      }
      const reply = await updateAgent(lab, agent, { multiagent: null });
      if (reply.status >= 300) {
        return ["refused", statusText(reply)];
      }
      return (await lab.get(agent.path)).body["multiagent"] == null ? "cleared" : "ignored";
    },
  }),
];
