import { lasting } from "../../../tools/pictures/transcripts";

const table = (...rows: readonly string[]) => ["    Next runs, in the time of Europe/Berlin:", ...rows].join("\n");

test("a transcript of next runs is the same on any day, at any hour and in any season", () => {
  const atNight = table(
    "      Fri 2026-11-27 02:05 (01:05 UTC)  5 2 * * *  billing-review",
    "      Fri 2026-11-27 03:06 (02:06 UTC)  6 3 * * *  shop-review",
  );
  const betweenTheRuns = table(
    "      Wed 2027-06-30 03:06 (01:06 UTC)  6 3 * * *  shop-review",
    "      Thu 2027-07-01 02:05 (00:05 UTC)  5 2 * * *  billing-review",
  );
  expect(lasting(betweenTheRuns)).toBe(lasting(atNight));
});
