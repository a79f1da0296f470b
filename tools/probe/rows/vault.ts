import { at, statusText, Untried } from "../lab";
import { ownCredential } from "../own-objects";
import { assumed, duplicates, loses } from "../row";
import { keyRow, twice } from "./key";

/** Questions about a vault with one invented value. The probe deletes the vault and its content at the end. */
export const vaultRows = [
  keyRow(
    "credential-key",
    "a credential",
    duplicates(
      "the key is ignored",
      "an `up` that is killed half-way may leave a second one, or meets a 409 that names `adopt`",
      {
        remedy: "After an interrupted `up` look for a second credential in the vault",
        turn: { idempotencyKeysElsewhere: "ignore" },
      },
    ),
    twice(ownCredential),
  ),
  assumed({
    name: "credential-merge",
    question: "Does an update of a credential keep what it leaves out?",
    yes: ["it does", "a rotation sends the new secret alone"],
    no: loses("it does not", "a rotation takes away the hosts of a variable; the next refresh shows that", {
      remedy: "After a rotation run `pulumi refresh`, and `up` again",
      turn: { credentialUpdate: "replace" },
    }),
    async ask(lab) {
      const { path, shown } = await ownCredential(lab);
      const rotated = { auth: { type: "environment_variable", secret_value: "qoder-probe-other" } };
      const reply = await lab.post(path, rotated);
      if (reply.status >= 300) {
        throw new Untried(`the service answered ${statusText(reply)} to the rotation`);
      }
      const [before, after] = [shown, (await lab.get(path)).body].map((body) => at(body, "auth", "networking"));
      return JSON.stringify(before) === JSON.stringify(after);
    },
  }),
];
