import { type QoderApi, type QoderApiOptions, startQoderApi } from "../qoder-api";
import { SkippingClock } from "../support/skipping-clock";

/** An account for the tests of a command, and the clock of the command. */
export abstract class CommandWorld {
  readonly clock = new SkippingClock();
  #api: QoderApi | undefined;

  get api(): QoderApi {
    if (this.#api === undefined) {
      throw new Error("the stand-in has not been started");
    }
    return this.#api;
  }

  protected async startApi(options: QoderApiOptions): Promise<void> {
    this.#api = await startQoderApi(options);
  }
}
