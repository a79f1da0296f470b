import { at, idOf, statusText, Untried } from "../lab";
import { ownCredential } from "../own-objects";
import { asked, duplicates, expected, loses } from "../row";

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
    name: "credential-merge",
    question: "Does an update of a credential keep what it leaves out?",
    assumed: "kept",
    answers: {
      kept: expected("it does", "a rotation sends the new secret alone"),
      lost: loses("it does not", "a rotation takes away the hosts of a variable; the next refresh shows that", {
        remedy: "After a rotation run `pulumi refresh`, and `up` again",
      }),
    },
    async ask(lab) {
      const { path, shown } = await ownCredential(lab);
      const rotated = { auth: { type: "environment_variable", secret_value: "qoder-probe-other" } };
      const reply = await lab.post(path, rotated);
      if (reply.status >= 300) {
        throw new Untried(`the service answered ${statusText(reply)} to the rotation`);
      }
      const [before, after] = [shown, (await lab.get(path)).body].map((body) => at(body, "auth", "networking"));
      return JSON.stringify(before) === JSON.stringify(after) ? "kept" : "lost";
    },
  }),
];
