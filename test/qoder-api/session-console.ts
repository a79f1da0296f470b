import { type Console, consoleOf, type OwnerOf } from "./console";
import type { Service } from "./service";
import type { Credits, Evaluation, SessionEnding, StoredSession } from "./session-life";
import type { Sessions } from "./sessions";
import type { JsonObject, Session, SessionEvent } from "./wire";

export interface SessionConsole extends Console<Session> {
  /** Adds a session of another client, which no deployment started. */
  create(overrides?: Partial<Session>, account?: string, workspace?: string): Session;
  /** The events, in their order. */
  events(id: string): SessionEvent[];
  /** Ends the work of the session, with success unless `ending` says otherwise. */
  end(id: string, ending?: SessionEnding): Session;
  /** Adds the evaluation of a grader. */
  evaluate(id: string, evaluation: Evaluation): Session;
  /** Adds credits to the costs of the session. */
  spend(id: string, credits: Credits): Session;
  /** Starts the work again, as after a message of a user. */
  resume(id: string): Session;
  /** Marks the session as tried again by the service. `error`: members of the error event. */
  reschedule(id: string, error?: JsonObject): Session;
  /** Adds any other event. */
  addEvent(id: string, event: JsonObject & { type: string }): SessionEvent;
}

export function sessionConsole(sessions: Sessions, { clock }: Service, ownerOf: OwnerOf): SessionConsole {
  const { life } = sessions;
  const now = () => clock().getTime();
  const after = (id: string, happen: (stored: StoredSession) => void) => {
    const stored = sessions.require(id);
    happen(stored);
    return sessions.reply(sessions.require(id));
  };
  return {
    ...consoleOf(sessions),
    create: (overrides = {}, account, workspace) =>
      sessions.reply(sessions.place(ownerOf(account, workspace), overrides)),
    events: (id) => structuredClone(sessions.require(id).events),
    end: (id, ending = {}) => after(id, (stored) => life.end(stored, ending, now())),
    evaluate: (id, evaluation) => after(id, (stored) => life.evaluate(stored, evaluation, now())),
    spend: (id, credits) => after(id, (stored) => life.spend(stored, credits)),
    resume: (id) => after(id, (stored) => life.begin(stored, now())),
    reschedule: (id, error = {}) => after(id, (stored) => life.reschedule(stored, error, now())),
    addEvent: (id, { type, ...members }) => structuredClone(life.tell(sessions.require(id), type, members, now())),
  };
}
