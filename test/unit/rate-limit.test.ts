import { RateLimit } from "../../provider/api/rate-limit";
import { SkippingClock } from "../support/skipping-clock";

test("no second sees more starts than allowed, and nothing waits longer than it must", async () => {
  const clock = new SkippingClock();
  clock.freeze();
  const limit = new RateLimit(5, clock);
  const start = clock.now();
  const starts = await Promise.all(
    Array.from({ length: 12 }, async () => {
      await limit.turn();
      return clock.now() - start;
    }),
  );
  expect(starts).toEqual([0, 0, 0, 0, 0, 1_050, 1_050, 1_050, 1_050, 1_050, 2_100, 2_100]);
});
