import { randomUUID } from "node:crypto";
import { at, entriesIn, idOf, statusText, takenOr, Untried } from "./lab";
import { ownCredential, ownDeployment, ownVault, variable } from "./own-objects";
import { asked, duplicates, expected, harmless } from "./row";

const byWholeList = "a look-up by name reads the whole list, and compares the names itself";

/** Questions about a vault with one invented value. The probe deletes the vault and its content at the end. */
export const vaultRows = [
  asked({
    name: "credential-key",
    question: "Does the create of a credential honour `Idempotency-Key`?",
    assumed: "honoured",
    answers: {
      honoured: expected(
        "the same create under the same key is answered with the first one",
        "an `up` that is repeated makes nothing twice",
      ),
      ignored: duplicates(
        "the key is ignored",
        "an `up` that is killed half-way may leave a second one, or meets a 409 that names `adopt`",
        {
          remedy: "After an interrupted `up` look for a second credential in the vault",
          turn: { idempotencyKeysElsewhere: "ignore" },
        },
      ),
    },
    async ask(lab) {
      const { path, sent, key, id } = await ownCredential(lab);
      return idOf(await lab.post(path.slice(0, -1), sent, key)) === id ? "honoured" : "ignored";
    },
  }),
  asked({
    name: "two-credentials",
    question: "May one vault have two credentials for one server or variable?",
    assumed: "refused",
    answers: {
      refused: expected("a second one is refused", "a replacement in one vault deletes the old credential first"),
      taken: harmless(
        "a second one is made",
        "a replacement in one vault deletes the old credential first all the same",
        { turn: { duplicateCredentials: "allow" } },
      ),
    },
    async ask(lab) {
      const { path } = await ownCredential(lab);
      return takenOr(await lab.post(path.slice(0, -1), variable, randomUUID()), "taken", "refused");
    },
  }),
  asked({
    name: "variable-settings",
    question: "Does the API change `networking` of a variable?",
    assumed: "changed",
    answers: {
      changed: expected("it does", "a change is sent as an update"),
      refused: harmless("it refuses the update", "the update fails with the refusal", {
        remedy: "Replace the credential: `replaceOnChanges`",
        turn: { variableSettings: "fixed" },
      }),
      "not shown": harmless("it does not show `networking`", "an answer without the new value is an error", {
        remedy: "Replace the credential: `replaceOnChanges`",
        turn: { variableSettings: "dropped" },
      }),
    },
    async ask(lab) {
      const { path, shown } = await ownCredential(lab);
      if (at(shown, "auth", "networking") === undefined) {
        return "not shown";
      }
      const networking = { type: "limited", allowed_hosts: ["example.org"] };
      const reply = await lab.post(path, { auth: { type: "environment_variable", networking } });
      if (reply.status >= 300) {
        return ["refused", statusText(reply)];
      }
      const host = at(reply.body, "auth", "networking", "allowed_hosts", 0);
      return host === "example.org" ? "changed" : "not shown";
    },
  }),
  asked({
    name: "vault-order",
    question: "Does the service keep the order of the vaults of a deployment?",
    assumed: "kept",
    answers: {
      kept: expected("it does", "a deployment is equal with its vaults in any order"),
      changed: harmless("it does not", "a deployment is equal with its vaults in any order", {
        turn: { vaultOrder: "sort" },
      }),
    },
    async ask(lab) {
      const { path } = await ownDeployment(lab);
      const [first, second] = [
        await ownVault(lab),
        await lab.once("second vault", ["vaults"], async () => ({ display_name: `${lab.name}-2` })),
      ];
      const sent = [first.id, second.id].sort().reverse();
      const reply = await lab.post(path, { vault_ids: sent });
      await lab.post(path, { vault_ids: [] });
      if (reply.status >= 300) {
        throw new Untried(`the service answered ${statusText(reply)} to a deployment with two vaults`);
      }
      return at(reply.body, "vault_ids", 0) === sent[0] ? "kept" : "changed";
    },
  }),
  asked({
    name: "name-filter",
    question: "Does a list of vaults with `name` show exactly that name?",
    assumed: "exactly",
    answers: {
      exactly: expected("it does", byWholeList),
      parts: harmless("it shows names that hold the text as well", byWholeList, { turn: { nameFilter: "part" } }),
      nothing: harmless("it does not show the vault", byWholeList),
    },
    async ask(lab) {
      await ownVault(lab);
      const found = async (name: string) =>
        entriesIn(await lab.get(["vaults"], { name })).some((one) => at(one, "display_name") === lab.name);
      return !(await found(lab.name)) ? "nothing" : (await found(lab.name.slice(0, -1))) ? "parts" : "exactly";
    },
  }),
];
