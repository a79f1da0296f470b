import { RateLimit } from "../../provider/api/rate-limit";
import { SkippingClock } from "../support/skipping-clock";

let clock: SkippingClock;
let begin: number;
beforeEach(() => {
  clock = new SkippingClock();
  begin = clock.now();
});

/** The starts of `amount` requests that come at once, in milliseconds. */
function starts(limit: RateLimit, amount: number): Promise<number[]> {
  const start = () => limit.turn().then(() => clock.now() - begin);
  return Promise.all(Array.from({ length: amount }, () => clock.during(start)));
}

test("the requests of one second start at once, and later requests at equal intervals", async () => {
  const later = [1_050, 1_260, 1_470, 1_680, 1_890, 2_100, 2_310];
  expect(await starts(new RateLimit(5, clock), 12)).toEqual([0, 0, 0, 0, 0, ...later]);
});

test("without gaps, later requests start together in the next second, and at intervals after a 429", async () => {
  const limit = new RateLimit(5, clock, false);
  expect(await starts(limit, 12)).toEqual([0, 0, 0, 0, 0, 1_050, 1_050, 1_050, 1_050, 1_050, 2_100, 2_100]);
  limit.slowDown();
  const after = (await starts(limit, 4)).map((start) => start - 2_100);
  expect(new Set(after).size).toBe(4);
});

test("a request that cannot start in time fails at once, and leaves its turn to others", async () => {
  const limit = new RateLimit(2, clock);
  const all = starts(limit, 4);
  expect(await limit.turn(2_000)).toBe(false);
  expect(clock.now()).toBe(begin);
  expect(await all).toEqual([0, 0, 1_050, 1_575]);
  expect(await starts(limit, 1)).toEqual([2_100]);
});

test("after a 429 half as many requests start in a second, also of the waiting ones, and then one more each second", async () => {
  const limit = new RateLimit(8, clock);
  const all = starts(limit, 36);
  limit.slowDown();
  // A second 429 to requests that were sent before the first one.
  limit.slowDown();
  const perSecond = new Map<number, number>();
  for (const start of await all) {
    const second = Math.floor(start / 1_050);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect([...perSecond.values()]).toEqual([8, 5, 6, 7, 8, 2]);
});

test("one request per second starts after any number of 429s", async () => {
  const limit = new RateLimit(8, clock);
  for (let push = 0; push < 10; push += 1) {
    limit.slowDown();
    clock.pass(1_050);
  }
  limit.slowDown();
  expect((await starts(limit, 3)).map((start) => start - 10 * 1_050)).toEqual([0, 1_050, 1_575]);
});

describe("after 429s that left one request per second", () => {
  let limit: RateLimit;
  let slowed: number;
  beforeEach(() => {
    limit = new RateLimit(20, clock);
    for (let push = 0; push < 7; push += 1) {
      limit.slowDown();
      clock.pass(1_050);
    }
    slowed = clock.now();
  });

  const turns = (amount: number, longestWaitMs: number) =>
    Promise.all(Array.from({ length: amount }, () => clock.during(() => limit.turn(longestWaitMs))));

  test("a request waits even if it is too late at this rate, because the rate grows", async () => {
    expect(new Set(await turns(40, 30_000))).toEqual(new Set([true]));
  });

  test("a request fails after its time if it is too late in spite of the growing rate", async () => {
    expect((await turns(20, 3_000)).filter((came) => came)).toHaveLength(9);
    expect(clock.now() - slowed).toBe(3_001);
  });
});

/** Accepts `perSecond` requests in any second, and refuses the others, as the gateway does. */
class Service {
  readonly refused = new Map<string, number>();
  readonly #passed: number[] = [];

  constructor(private readonly perSecond: number) {}

  takes(client: string): boolean {
    const now = clock.now();
    const isTaken = this.#passed.filter((at) => at > now - 1_000).length < this.perSecond;
    if (isTaken) {
      this.#passed.push(now);
    } else {
      this.refused.set(client, (this.refused.get(client) ?? 0) + 1);
    }
    return isTaken;
  }
}

test("three clients that each want the whole rate of the service get equal parts, with few refusals", async () => {
  const service = new Service(20);
  const done = new Map<string, number>();
  const client = (name: string) => {
    const limit = new RateLimit(20, clock);
    const request = () =>
      clock.during(async () => {
        for (;;) {
          await limit.turn();
          if (service.takes(name)) return;
          limit.slowDown();
          await clock.sleep(1_000);
        }
      });
    return async () => {
      await Promise.all(Array.from({ length: 100 }, request));
      done.set(name, clock.now() - begin);
    };
  };
  await Promise.all(["one", "two", "three"].map((name) => client(name)()));
  const [first, , last] = [...done.values()].sort((one, other) => one - other);
  // The service needs 15 seconds for 300 requests.
  expect(last).toBeLessThan(1.25 * 15_000);
  expect(first).toBeGreaterThan(0.8 * (last ?? 0));
  expect([...service.refused.values()].reduce((sum, refused) => sum + refused, 0)).toBeLessThan(0.2 * 300);
});
