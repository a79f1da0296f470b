import { addedMembers, changedMembers, placesText } from "../differences";
import { at, statusText, takenOr } from "../lab";
import { ownDeployment, updateOwn } from "../own-objects";
import { anotherValue, asked, expected, harmless, loses, otherMembers } from "../row";

export const deploymentRows = [
  asked({
    name: "deployment-shown",
    question: "What does the service fill into a deployment?",
    assumed: "nothing",
    answers: {
      nothing: expected("what was sent is shown as it was sent", "a refresh compares member by member"),
      defaults: harmless("the documented 3 iterations of an outcome", "documented defaults are no drift", {
        turn: { fillDefaults: true },
      }),
      more: otherMembers("objects"),
      otherwise: anotherValue,
    },
    async ask(lab) {
      const { sent, path } = await ownDeployment(lab);
      const outcome = { type: "user.define_outcome", description: "ok", rubric: { type: "text", content: "ok" } };
      const events = sent["initial_events"] ?? [];
      await lab.post(path, { initial_events: [outcome] });
      const { body } = await lab.get(path);
      await lab.post(path, { initial_events: events });
      const pairs = [
        [outcome, at(body, "initial_events", 0)],
        [sent["agent"], body["agent"]],
      ] as const;
      const changed = pairs.flatMap(([from, to]) => changedMembers(from, to));
      const added = pairs.flatMap(([from, to]) => addedMembers(from, to));
      if (changed.length > 0) {
        return ["otherwise", placesText(changed)];
      }
      const isDocumented = added.every((place) => place === "max_iterations");
      return added.length === 0 ? "nothing" : [isDocumented ? "defaults" : "more", placesText(added)];
    },
  }),
  asked({
    name: "environment-variables",
    question: "Does the service keep the text of `environmentVariables`?",
    assumed: "kept",
    answers: {
      kept: expected("it does", "names and values are compared, not the text"),
      changed: harmless("it writes it in another way", "names and values are compared, not the text", {
        turn: { environmentVariables: "canonical" },
      }),
      refused: harmless("it refuses it (older generation of the API)", "the `up` fails with the refusal", {
        remedy: "Leave `environmentVariables` out",
        turn: { generation: 1 },
      }),
    },
    async ask(lab) {
      const text = "PROBE_B=2\nPROBE_A=1";
      const reply = await updateOwn(lab, { environment_variables: text });
      return reply.status >= 300
        ? ["refused", statusText(reply)]
        : reply.body["environment_variables"] === text
          ? "kept"
          : "changed";
    },
  }),
  asked({
    name: "missing-agent",
    question: "Does the service refuse a deployment of an agent that does not exist?",
    assumed: "refused",
    answers: {
      refused: expected("it does", "the error names the argument and says what the service said"),
      taken: loses("it does not", "nobody hears of a wrong agent before a run", {
        remedy: "Set `qoder:verify`: a preview then finds a wrong id",
      }),
    },
    ask: async (lab) => takenOr(await updateOwn(lab, { agent: `agent_${"0".repeat(32)}` }), "taken", "refused"),
  }),
];
