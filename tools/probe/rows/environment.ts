import type { JsonObject } from "../../../provider/api/schema";
import { addedMembers, changedMembers, placesText } from "../differences";
import { at, type Lab, type Reply, statusText, Untried } from "../lab";
import { environmentOfSameName, ownEnvironment } from "../own-objects";
import { anotherValue, asked, expected, harmless, loses, otherMembers } from "../row";

/** Sends a new `config` for the environment, always complete, as the provider does. */
async function withConfig(lab: Lab, config: JsonObject): Promise<Reply> {
  const { path } = await environmentOfSameName(lab);
  return lab.post(path, { config: { type: "cloud", ...config } });
}

/** The members about which other rows ask. */
const elsewhere = /^(networking|packages)$|^packages\.(type|apt|cargo|gem|go|npm|pip)$/;

export const environmentRows = [
  asked({
    name: "environment-shown",
    question: "What does the service fill into an environment?",
    assumed: "nothing",
    answers: {
      nothing: expected("the rest is shown as it was sent", "a refresh compares member by member"),
      more: otherMembers("objects"),
      otherwise: anotherValue,
    },
    async ask(lab) {
      const { sent, shown } = await ownEnvironment(lab);
      const configs = [sent["config"], shown["config"]] as const;
      const isAsked = (place: string) => !elsewhere.test(place);
      const changed = changedMembers(...configs).filter(isAsked);
      const added = addedMembers(...configs)
        .filter(isAsked)
        .filter((place) => place !== "networking.allow_mcp_servers");
      if (changed.length > 0) {
        return ["otherwise", placesText(changed)];
      }
      return added.length === 0 ? "nothing" : ["more", placesText(added)];
    },
  }),
  asked({
    name: "networking-shown",
    question: "How does the service show `networking`?",
    assumed: "as sent",
    answers: {
      "as sent": expected("only where it was sent", "an environment without `networking` is shown without it"),
      always: harmless("also where it was not sent", "the documented limits count as none", {
        turn: { networking: "materialise" },
      }),
      never: loses("not at all", "the state keeps what was sent; nobody sees a change at the console", {
        remedy: "Change the network of an environment in the program only: no refresh sees another change",
        turn: { networking: "omit" },
      }),
    },
    async ask(lab) {
      if (at((await ownEnvironment(lab)).shown, "config", "networking") === undefined) {
        return "never";
      }
      const { shown } = await environmentOfSameName(lab);
      return at(shown, "config", "networking") === undefined ? "as sent" : "always";
    },
  }),
  asked({
    name: "unrestricted-shown",
    question: "Does the service show limits beside `unrestricted` networking?",
    assumed: "no",
    answers: {
      no: expected("it does not", "the state has it as it was sent"),
      yes: harmless("it does", "limits beside `unrestricted` are no drift", {
        turn: { unrestrictedNetworking: "with-limits" },
      }),
    },
    async ask(lab) {
      const reply = await withConfig(lab, { networking: { type: "unrestricted" } });
      const networking = at(reply.body, "config", "networking");
      if (networking === undefined) {
        throw new Untried(`the service showed no networking, ${statusText(reply)}`);
      }
      return at(networking, "allowed_hosts") === undefined ? "no" : "yes";
    },
  }),
  asked({
    name: "package-lists",
    question: "Does the service show the empty lists of packages?",
    assumed: "all",
    answers: {
      all: expected("it shows every list", "an empty list counts as none"),
      "as sent": harmless("it shows the lists that were sent", "an empty list counts as none", {
        turn: { packageLists: "as-sent" },
      }),
    },
    async ask(lab) {
      const { shown } = await ownEnvironment(lab);
      return at(shown, "config", "packages", "pip") === undefined ? "as sent" : "all";
    },
  }),
  asked({
    name: "environment-label",
    question: 'Does `""` delete a label of an environment?',
    assumed: "kept",
    answers: {
      kept: expected("the label stays, with an empty value", 'a label with `""` is a label'),
      deleted: harmless("the label is gone", 'an update that sets a label to `""` fails, and a label `""` is drift', {
        remedy: "Give no label of an environment an empty value",
        turn: { emptyEnvironmentMetadata: "delete" },
      }),
    },
    async ask(lab) {
      const { path } = await ownEnvironment(lab);
      await lab.post(path, { metadata: { purpose: "" } });
      return at((await lab.get(path)).body, "metadata", "purpose") === "" ? "kept" : "deleted";
    },
  }),
  asked({
    name: "config-replaced",
    question: "Does an update replace the `config` of an environment as a whole?",
    assumed: "replaced",
    answers: {
      replaced: expected("what an update leaves out is gone", "the provider always sends the whole `config`"),
      merged: harmless(
        "what an update leaves out stays",
        "an update that takes a member away fails, as the reply still shows it",
        {
          remedy: "Replace the environment when a member goes: `replaceOnChanges`",
          turn: { environmentConfigUpdate: "merge" },
        },
      ),
    },
    async ask(lab) {
      await withConfig(lab, { setup_script: "true" });
      const reply = await withConfig(lab, {});
      const script = at(reply.body, "config", "setup_script");
      return script === undefined || script === null || script === "" ? "replaced" : "merged";
    },
  }),
];
