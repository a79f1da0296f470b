import { consoleOf, type OwnerOf } from "./console";
import type { Service } from "./service";
import type { Credits, Evaluation, SessionEnding, StoredSession } from "./session-life";
import type { Sessions } from "./sessions";
import type { JsonObject, Session } from "./wire";

export function sessionConsole(sessions: Sessions, { clock }: Service, ownerOf: OwnerOf) {
  const { life } = sessions;
  const now = () => clock().getTime();
  const after = (id: string, happen: (stored: StoredSession) => void) => {
    const stored = sessions.require(id);
    happen(stored);
    return sessions.reply(sessions.require(id));
  };
  return {
    ...consoleOf(sessions),
    /** Adds a session of another client, which no deployment started. */
    create: (overrides: Partial<Session> = {}, account?: string, workspace?: string) =>
      sessions.reply(sessions.place(ownerOf(account, workspace), overrides)),
    events: (id: string) => structuredClone(sessions.require(id).events),
    /** Ends the work of the session, with success unless `ending` says otherwise. */
    end: (id: string, ending: SessionEnding = {}) => after(id, (stored) => life.end(stored, ending, now())),
    /** Adds the evaluation of a grader. */
    evaluate: (id: string, evaluation: Evaluation) => after(id, (stored) => life.evaluate(stored, evaluation, now())),
    spend: (id: string, credits: Credits) => after(id, (stored) => life.spend(stored, credits)),
    /** Starts the work again, as after a message of a user. */
    resume: (id: string) => after(id, (stored) => life.begin(stored, now())),
    /** Marks the session as tried again by the service. `error`: members of the error event. */
    reschedule: (id: string, error: JsonObject = {}) => after(id, (stored) => life.reschedule(stored, error, now())),
    addEvent: (id: string, { type, ...members }: JsonObject & { type: string }) =>
      structuredClone(life.tell(sessions.require(id), type, members, now())),
  };
}
