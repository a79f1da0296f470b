import { type Console, consoleOf, type OwnerOf } from "./console";
import type { Service } from "./service";
import type { Session, SessionEvent } from "./session-wire";
import type { Sessions } from "./sessions";
import type { Credits, Evaluation, SessionEnding } from "./stored-session";
import type { JsonObject } from "./wire";

export interface SessionConsole extends Console<Session> {
  /** One of another client, which no deployment started. */
  create(overrides?: Partial<Session>, account?: string, workspace?: string): Session;
  /** In the order of what happened. */
  events(id: string): SessionEvent[];
  /** What it does has ended; its work is done unless told otherwise. */
  end(id: string, ending?: SessionEnding): Session;
  /** A grader has looked at its work while it runs. */
  evaluate(id: string, evaluation: Evaluation): Session;
  /** It has taken so many credits more. */
  spend(id: string, credits: Credits): Session;
  /** It works again, as after a message of somebody. */
  resume(id: string): Session;
  /** The service tries again by itself. `error`: members of what went wrong. */
  reschedule(id: string, error?: JsonObject): Session;
  /** Something else happened in it. */
  addEvent(id: string, event: JsonObject & { type: string }): SessionEvent;
}

export function sessionConsole(sessions: Sessions, { clock }: Service, ownerOf: OwnerOf): SessionConsole {
  const { life } = sessions;
  const now = () => clock().getTime();
  const done = (id: string) => sessions.reply(sessions.require(id));
  return {
    ...consoleOf(sessions),
    create: (overrides = {}, account, workspace) =>
      sessions.reply(sessions.place(ownerOf(account, workspace), overrides)),
    events: (id) => structuredClone(sessions.require(id).events),
    end: (id, ending = {}) => {
      life.end(sessions.require(id), ending, now());
      return done(id);
    },
    evaluate: (id, evaluation) => {
      life.evaluate(sessions.require(id), evaluation, now());
      return done(id);
    },
    spend: (id, credits) => {
      life.spend(sessions.require(id), credits);
      return done(id);
    },
    resume: (id) => {
      life.begin(sessions.require(id), now());
      return done(id);
    },
    reschedule: (id, error = {}) => {
      life.reschedule(sessions.require(id), error, now());
      return done(id);
    },
    addEvent: (id, { type, ...members }) => structuredClone(life.tell(sessions.require(id), type, members, now())),
  };
}
