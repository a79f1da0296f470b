import { RateLimit } from "../../provider/api/rate-limit";

test("no second sees more starts than allowed, and nothing waits longer than it must", async () => {
  const limit = new RateLimit(5);
  const start = performance.now();
  const starts = await Promise.all(
    Array.from({ length: 12 }, async () => {
      await limit.turn();
      return performance.now() - start;
    }),
  );
  for (const [index, begun] of starts.entries()) {
    const fiveBefore = starts[index - 5];
    expect(begun - (fiveBefore ?? begun - 1_000)).toBeGreaterThanOrEqual(1_000);
  }
  expect(starts.at(-1)).toBeLessThan(2_600);
});
