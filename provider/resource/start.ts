import type { QoderClient } from "../api/client";
import type { ApiRequest } from "../api/transport";
import type { ResourceKind } from "./kind";
import type { BaseReply, CommonReply } from "./outputs";
import type { Properties } from "./program-values";

export interface Attempt {
  readonly client: QoderClient;
  readonly wanted: Properties;
  /**
   * The idempotency key, equal in every process for the same declaration and arguments. `life` goes up when the service repeats
   * an answer whose run cannot be the new one.
   */
  idempotencyKey(life: number): string;
  /** What an earlier `up` that did not finish noted on this machine about the start; undefined if there is none. */
  readonly noted: unknown;
  /** Notes facts about the start on this machine, until the run is about to reach the state. */
  note(facts: object): void;
  /** Removes the note, because no run was started. */
  forget(): void;
  /** The last change of the object and of all that it uses, by the service's clock, as far as this command knows. */
  lastChange(kind: ResourceKind, reply: CommonReply): number;
  /** True if another resource of this stack has the run, or had it. */
  isTaken(id: string): boolean;
  /** Sends the request that starts the run. `problem` gives the reason why an answer is wrong. */
  send(request: ApiRequest, problem: (reply: BaseReply) => string | undefined): Promise<BaseReply>;
}

/** How a kind starts its objects, which no request changes or removes. */
export interface Start {
  /** The name of a queue: starts in one queue happen one after the other. */
  queue(wanted: Properties): string;
  /** The request of a first start, for a preview. */
  requests(wanted: Properties): readonly ApiRequest[];
  /** Starts a run, or finds the one that an earlier try of this declaration started. */
  begin(attempt: Attempt): Promise<BaseReply>;
  /** How to wait for the end; absent if no program asks for it. */
  readonly ending?: Ending;
}

export interface Started {
  readonly client: QoderClient;
  /** The run as the caller has read it. */
  readonly object: BaseReply;
  readonly outputs: Properties;
}

export interface Ended {
  /** The run, with its result if it is known. */
  readonly object: BaseReply;
  /** The reason why the result is not as the program asks; undefined if it is. */
  readonly failure: unknown;
}

export interface Ending {
  /** The longest wait in milliseconds; undefined if the program does not wait. */
  waitMs(wanted: Properties): number | undefined;
  /** Waits for the end of the run. Failures are part of the outcome, because the known facts must reach the state. */
  wait(started: Started, wanted: Properties, waitMs: number): Promise<Ended>;
  /** The requests of the wait, in lines for a preview. */
  shown(wanted: Properties, outputs: Properties): readonly string[];
  /** The run in a state, as a reply with its end, if the end counts for the same work later too; undefined if it does not. */
  kept(run: { readonly id: string; readonly outputs: Properties }, recorded: Properties): BaseReply | undefined;
  /** Adds the present result. `recorded`: the arguments in the state; undefined for a look-up. */
  look(started: Started, recorded: Properties | undefined): Promise<BaseReply>;
}
