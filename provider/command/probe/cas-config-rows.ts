import type { JsonObject } from "../../api/schema";
import { at, statusText, Untried } from "./lab";
import { ownDeployment } from "./own-objects";
import { asked } from "./row";

const noSettings = "the service shows no `metadata.cas_config`";

/** The questions about the settings that the older generation of the API keeps in the metadata of a deployment. */
export const casConfigRows = [
  asked({
    name: "cas-config",
    question: "Does the service show `metadata.cas_config`?",
    needs: "objects",
    assumed: "absent",
    answers: {
      absent: ["it does not", "a program with `casConfig` gets an error that says so"],
      present: [
        "it does (older generation of the API)",
        "`casConfig` is read and sent; its statistics are never compared",
      ],
    },
    async ask(lab) {
      const { shown } = await ownDeployment(lab);
      return at(shown, "metadata", "cas_config") === undefined ? "absent" : "present";
    },
  }),
  asked({
    name: "cas-config-merge",
    question: "Is `metadata.cas_config` merged deeply?",
    needs: "objects",
    assumed: "deeply",
    answers: {
      deeply: ["a setting that was not sent stays", "the provider sends all settings that it knows"],
      shallowly: [
        "a setting that was not sent goes back to its default",
        "the provider sends all settings that it knows",
      ],
    },
    async ask(lab) {
      const { path, shown } = await ownDeployment(lab);
      if (at(shown, "metadata", "cas_config") === undefined) {
        throw new Untried(noSettings);
      }
      const send = (config: JsonObject) => lab.post(path, { metadata: { cas_config: { config } } });
      await send({ max_retries: 2 });
      const { body } = await send({ timeout_ms: 600_000 });
      return at(body, "metadata", "cas_config", "config", "max_retries") === 2 ? "deeply" : "shallowly";
    },
  }),
  asked({
    name: "cas-config-null",
    question: "Does `metadata.cas_config: null` delete the settings?",
    needs: "objects",
    assumed: "deleted",
    answers: {
      deleted: ["it deletes them", "a `casConfig` that leaves the program is removed in place"],
      defaults: ["it sets their defaults", "a `casConfig` that leaves the program is removed in place"],
      refused: ["null is refused", "the update fails with the refusal"],
    },
    async ask(lab) {
      const { path, shown } = await ownDeployment(lab);
      if (at(shown, "metadata", "cas_config") === undefined) {
        throw new Untried(noSettings);
      }
      const reply = await lab.post(path, { metadata: { cas_config: null } });
      if (reply.status >= 300) {
        return ["refused", statusText(reply)];
      }
      return at(reply.body, "metadata", "cas_config") === undefined ? "deleted" : "defaults";
    },
  }),
];
