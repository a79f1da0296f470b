import type { Service } from "./service";

/** How an object is read: by its id, or as an entry of a list. */
export type Way = "GET" | "list";

interface Lag<Shown> {
  /** The object before the write; undefined if the write made it. */
  readonly before: Shown | undefined;
  readonly until: Readonly<Record<Way, number>>;
}

/** What reads do not show yet: no page says how soon after a write they show it. */
export class LateReads<Shown> {
  readonly #lags = new Map<string, readonly Lag<Shown>[]>();
  #count = 0;

  constructor(private readonly service: Pick<Service, "clock" | "latitude">) {}

  /** Keeps what reads may still show after a write of the object. */
  add(id: string, before: Shown | undefined): void {
    const { clock, latitude } = this.service;
    if (!latitude.isFree("late")) return;
    this.#count += 1;
    const end = (way: Way) =>
      clock().getTime() + latitude.lateBy(`${way} of ${id.split("_")[0]}`, `${id} ${this.#count}`);
    this.#lags.set(id, [...(this.#lags.get(id) ?? []), { before, until: { GET: end("GET"), list: end("list") } }]);
  }

  /** The lag of such a read of the object; undefined if the read shows the object as it is. */
  of(id: string, way: Way): Pick<Lag<Shown>, "before"> | undefined {
    const lags = this.#lags.get(id);
    if (lags === undefined || !this.service.latitude.isFree("late")) return undefined;
    const now = this.service.clock().getTime();
    const left = lags.filter(({ until }) => Math.max(until.GET, until.list) > now);
    if (left.length > 0) this.#lags.set(id, left);
    else this.#lags.delete(id);
    return left.find(({ until }) => until[way] > now);
  }
}
