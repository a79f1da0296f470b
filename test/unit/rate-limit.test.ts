import { RateLimit } from "../../provider/api/rate-limit";
import { SkippingClock } from "../support/skipping-clock";

let clock: SkippingClock;
let begin: number;
beforeEach(() => {
  clock = new SkippingClock();
  clock.freeze();
  begin = clock.now();
});

/** When each of so many that come at once may start, in milliseconds. */
function starts(limit: RateLimit, amount: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: amount }, () =>
      clock.during(async () => {
        await limit.turn();
        return clock.now() - begin;
      }),
    ),
  );
}

test("a second's requests start at once, and those that have to wait at equal distances", async () => {
  expect(await starts(new RateLimit(5, clock), 12)).toEqual([
    0, 0, 0, 0, 0, 1_050, 1_260, 1_470, 1_680, 1_890, 2_100, 2_310,
  ]);
});

test("without gaps, the requests that have to wait start together in the next second, and with gaps after a push", async () => {
  const limit = new RateLimit(5, clock, false);
  expect(await starts(limit, 12)).toEqual([0, 0, 0, 0, 0, 1_050, 1_050, 1_050, 1_050, 1_050, 2_100, 2_100]);
  limit.slowDown();
  const after = (await starts(limit, 4)).map((start) => start - 2_100);
  expect(new Set(after).size).toBe(4);
});

test("a request that cannot start in time is refused at once, and takes no turn", async () => {
  const limit = new RateLimit(2, clock);
  const all = starts(limit, 4);
  expect(await limit.turn(2_000)).toBe(false);
  expect(clock.now()).toBe(begin);
  expect(await all).toEqual([0, 0, 1_050, 1_575]);
  expect(await starts(limit, 1)).toEqual([2_100]);
});

test("after a push of the service half as many start in a second, also of those that wait already, then one more each second", async () => {
  const limit = new RateLimit(8, clock);
  const all = starts(limit, 36);
  limit.slowDown();
  // The same push, as its requests were on their way already.
  limit.slowDown();
  const perSecond = new Map<number, number>();
  for (const start of await all) {
    const second = Math.floor(start / 1_050);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  expect([...perSecond.values()]).toEqual([8, 5, 6, 7, 8, 2]);
});

test("however often the service pushes, a request a second is left", async () => {
  const limit = new RateLimit(8, clock);
  for (let push = 0; push < 10; push += 1) {
    limit.slowDown();
    clock.pass(1_050);
  }
  limit.slowDown();
  expect((await starts(limit, 3)).map((start) => start - 10 * 1_050)).toEqual([0, 1_050, 1_575]);
});

describe("while the service has slowed it down to a request a second", () => {
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

  test("a request that would be too late at this rate waits, because the rate grows", async () => {
    expect(new Set(await turns(40, 30_000))).toEqual(new Set([true]));
  });

  test("a request that is too late although the rate grew is refused when its time is over", async () => {
    expect((await turns(20, 3_000)).filter((came) => came)).toHaveLength(9);
    expect(clock.now() - slowed).toBe(3_001);
  });
});

/** Lets so many through in any second, and refuses the others for a second, as the gateway does. */
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

test("three that each would use all that the service allows come to equal parts of it, and few requests are refused", async () => {
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
  // 15 seconds is what the service needs for 300.
  expect(last).toBeLessThan(1.25 * 15_000);
  expect(first).toBeGreaterThan(0.8 * (last ?? 0));
  expect([...service.refused.values()].reduce((sum, refused) => sum + refused, 0)).toBeLessThan(0.2 * 300);
});
