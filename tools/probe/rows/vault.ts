import { idOf } from "../lab";
import { ownCredential } from "../own-objects";
import { asked, duplicates, expected } from "../row";

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
];
