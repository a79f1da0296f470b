import { reasonOf } from "../api/errors";
import { warning } from "../api/remark";
import { jsonObjectSchema } from "../api/schema";
import { idempotencyKey } from "../resource/kind/idempotency";
import type { Run, RunStart } from "../resource/kind/kind";
import { ending } from "./ending";
import type { RunArguments } from "./reply";
import { begin, startRequests } from "./start";
import * as notes from "./start-note";

/** A resource has one note, which the start of another run replaces. */
const noteOf = (origin: string) => idempotencyKey(origin, {}, 0);

/** Writes a note. The start goes on without one: only a kill needs it. */
async function noted({ client, command }: RunStart, write: () => void): Promise<void> {
  try {
    write();
  } catch (error) {
    const text = `the note of this start cannot be written: ${reasonOf(error)}`;
    await client.remark(warning(`${text}. If this \`${command}\` is killed, the next one may start a second run`));
  }
}

/** How a run starts, ends and reaches the state. It costs credits: no `up` starts a second one for the same declaration. */
export const life: Run = {
  startRequests,
  start(asked: RunStart & { readonly wanted: Partial<RunArguments> }) {
    const { client, wanted, lasting, origin } = asked;
    // Each start depends on the runs that the earlier ones of its deployment have started.
    return asked.alone(wanted.deploymentId ?? "", () => {
      const { baseUrl, workspaceId } = client.account;
      const keyOf = (generation: number, start?: string) =>
        idempotencyKey(origin, jsonObjectSchema.parse(lasting), generation, workspaceId, start);
      const note = noteOf(origin);
      const about = idempotencyKey(keyOf(0), {}, 0, baseUrl);
      return begin({
        ...asked,
        idempotencyKey: keyOf,
        noted: notes.read(note, about),
        note: (facts) => noted(asked, () => notes.write(note, about, facts)),
        forget: () => notes.end(note),
      });
    });
  },
  isInState(id, origin = "") {
    // The id alone tells: an earlier run of the resource did the same work.
    notes.endOf(noteOf(origin), id);
  },
  wait: ending.wait,
  waitLines: ending.shown,
  look: ending.look,
};
