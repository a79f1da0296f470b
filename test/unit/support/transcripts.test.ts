import { lasting } from "../../pictures/transcripts";

const inFull = (name: string) =>
  `    QoderDeployment "${name}": runs next at Fri 2026-11-27 03:06 (02:06 UTC) (Europe/Berlin)`;
const below = (name: string, gap: string) =>
  `    QoderDeployment "${name}":${gap}next Fri 2026-11-27 03:06 (02:06 UTC)   6 3 * * *   Europe/Berlin`;

test("a transcript of three schedules is the same in whatever order the engine told of them", () => {
  const shopLast = [inFull("search-review"), inFull("billing-review"), below("shop-review", "    ")];
  const searchLast = [inFull("shop-review"), inFull("billing-review"), below("search-review", "  ")];
  const billingLast = [inFull("shop-review"), inFull("search-review"), below("billing-review", " ")];
  expect(lasting(shopLast.join("\n"))).toBe(lasting(searchLast.join("\n")));
  expect(lasting(billingLast.join("\n"))).toBe(lasting(searchLast.join("\n")));
});
