import { randomUUID } from "node:crypto";
import { at, idOf, statusText, takenOr, Untried } from "./lab";
import { ownCredential, ownDeployment, ownVault, variable } from "./own-objects";
import { asked, duplicates, expected, harmless } from "./row";

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
];
