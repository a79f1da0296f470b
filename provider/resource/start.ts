import type { QoderClient } from "../api/client";
import type { ApiRequest } from "../api/transport";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";

/** Whether an earlier run of the engine may have started it and not come to the end that the state tells of. */
export type EarlierTry =
  /** What it replaces was let go of in this run. */
  | "impossible"
  /** The state knows nothing before it, as of what is new, and of what was interrupted when it was. */
  | "possible"
  /** What it replaces was let go of in an earlier run. */
  | "likely";

/** What a kind needs to know, and may do, to start one of its objects. */
export interface Attempt {
  readonly client: QoderClient;
  readonly wanted: Properties;
  /**
   * The same in every process for the same declaration with the same arguments. `life` counts those under which the service
   * repeats the answer of another object.
   */
  idempotencyKey(life: number): string;
  readonly earlierTry: EarlierTry;
  /** When the one before it was started, in milliseconds since the epoch: nothing from before that is this one. */
  readonly begunAfter: number | undefined;
  /** A resource of this stack is known to have it, or had it. */
  isTaken(id: string): boolean;
  /** Lets `isTaken` know of the resources that the engine does not ask about, as far as the program tells their ids. */
  meetSiblings(): Promise<void>;
  /** Sends what starts it. `problem` says what is wrong with an answer, if anything is. */
  send(request: ApiRequest, problem: (reply: BaseReply) => string | undefined): Promise<BaseReply>;
}

/** How something is started that nobody can change or take back. */
export interface Start {
  /** The name of a queue: what is in one queue is started one after the other. */
  queue(wanted: Properties): string;
  /** What it sends where no earlier call started one: for a preview. */
  requests(wanted: Properties): readonly ApiRequest[];
  /** Starts one, or finds the one that an earlier call started for the same declaration. */
  begin(attempt: Attempt): Promise<BaseReply>;
  /** Absent where what it starts has no end that anybody asks about. */
  readonly ending?: Ending;
}

/** What was started. */
export interface Started {
  readonly client: QoderClient;
  /** As far as the caller has read it. */
  readonly object: BaseReply;
  /** What the state knows of it. */
  readonly outputs: Properties;
}

/** How what was started came to its end, or did not yet. */
export interface Ended {
  /** With what it came to, as far as that is known. */
  readonly object: BaseReply;
  /** Why that is not what the program asks for; undefined where it is. */
  readonly failure: unknown;
}

/** What was started comes to an end by itself. */
export interface Ending {
  /** How long its end is waited for, in milliseconds; undefined where the program does not ask for that. */
  waitMs(wanted: Properties): number | undefined;
  /** Waits for its end, so long at most. Whatever it meets is in the answer, as what is known must reach the state. */
  wait(started: Started, wanted: Properties, waitMs: number): Promise<Ended>;
  /** What it sends to wait, in lines for a preview. */
  shown(wanted: Properties, outputs: Properties): readonly string[];
  /** Adds what it came to by now. `recorded`: the arguments of the state; undefined for a look-up. */
  look(started: Started, recorded: Properties | undefined): Promise<BaseReply>;
}
