import { readFileSync, statSync, writeFileSync } from "node:fs";
import { outcome } from "../../support/session-rows";
import { TemporaryFolder } from "../../support/temporary-folder";
import { useStatusWorld } from "./status-world";

const world = useStatusWorld();
const folder = TemporaryFolder.ofTests();

interface Box {
  readonly x: number;
  readonly y: number;
}

/** The command with --svg, and what the picture contains. */
async function draw(...args: string[]) {
  const file = folder.at("nights.svg");
  const { status, stdout, stderr } = await world.status(...args, "--svg", file);
  const svg = readFileSync(file, "utf8");
  const squares = [
    ...svg.matchAll(
      /<g><title>([^<]*)<\/title><rect class="([\w-]+)" x="(\d+)" y="(\d+)" width="18" height="18" rx="3"\/><text x="\d+" y="[\d.]+" class="middle on-\2" xml:space="preserve">(.)<\/text><\/g>/g,
    ),
  ].map(([, label = "", colour = "", x, y, letter = ""]) => ({ label, colour, letter, x: Number(x), y: Number(y) }));
  const [names = ""] = /(?<=<svg width="\d+">\n)[\s\S]*?(?=<\/svg>)/.exec(svg) ?? [];
  const rows = [...names.matchAll(/ y="([\d.]+)"[^>]*>([^<]*)</g)].map(([, y, name = ""]) => ({ name, y: Number(y) }));
  const legend = [...svg.matchAll(/<text x="\d+" y="[\d.]+" class="quiet"[^>]*>([^<]*)</g)].map(([, text]) => text);
  const [, height] = /viewBox="0 0 940 (\d+)"/.exec(svg) ?? [];
  return {
    status,
    stdout,
    stderr,
    file,
    svg,
    // The squares of the legend have no time.
    squares: squares.filter(({ label }) => /\d\d:\d\d: /.test(label)),
    samples: squares.filter(({ label }) => !/\d\d:\d\d: /.test(label)),
    rows,
    legend,
    height: Number(height),
  };
}

const refused = { type: "session_rate_limited_error", message: "Too many." };
type Happens = object | "missed" | "could not start" | "running" | "removed";
/** What happens on each day from the 21st on: the words, the letter and the colour of its square, and the words of the legend, in its order. */
const results: readonly (readonly [Happens, words: string, letter: string, colour: string, legend?: string])[] = [
  [{}, "done", "D", "good"],
  [{ message: null }, "done, said nothing", "S", "rest"],
  [{ outcomes: [] }, "done, not graded", "G", "open"],
  [{ error: { type: "billing_error", message: "No credits are left." } }, "failed", "F", "bad"],
  ["could not start", "could not start", "X", "bad"],
  [{ stop_reason: { type: "budget_reached" } }, "stopped by budget", "B", "bad"],
  ["missed", "missed", "M", "missed"],
  [{ stop_reason: { type: "requires_action" } }, "waiting for somebody", "W", "open"],
  ["running", "running", "R", "open"],
  [{ stop_reason: { type: "cancelled" } }, "cancelled", "C", "rest"],
  ["removed", "session not found", "?", "rest", "another result"],
];

test("--svg draws a square with a letter for each run and each missed run since then, the oldest first, with a legend", async () => {
  const id = world.create("daily", { initial_events: [outcome] });
  for (const [index, [what]] of results.entries()) {
    world.day(21 + index);
    const { session_id: session } =
      what === "missed"
        ? { session_id: null }
        : world.api.deployments.runBySchedule(id, what === "could not start" ? refused : undefined);
    if (typeof what === "object") {
      world.api.sessions.end(String(session), what);
    } else if (what === "removed") {
      world.api.sessions.remove(String(session));
    }
  }
  world.api.clearRequests();
  await world.status("--all", "--since", "10d");
  const without = world.requests;
  world.api.clearRequests();
  const { status, stderr, file, squares, samples, rows, legend, svg } = await draw("--all", "--since", "10d");
  const unknown = `Not known: ${id} "daily"\n  The service does not show what 1 run cost\n`;
  expect([status, stderr]).toEqual([1, `Wrote ${file}\n${unknown}`]);
  expect(world.requests.toSorted()).toEqual(without.toSorted());
  const dated = (index: number, words: string) => {
    const date = new Date(Date.UTC(2026, 10, 21 + index));
    return `${date.toUTCString().slice(0, 3)} ${date.toISOString().slice(0, 10)} 09:00: ${words}`;
  };
  expect(squares.map(({ label, letter, colour }) => [label, letter, colour])).toEqual(
    results.map(([, words, letter, colour], index) => [dated(index, words), letter, colour]),
  );
  expect(rows.map(({ name }) => name)).toEqual(["! daily"]);
  expect(samples.map(({ label, letter }) => `${letter} ${label}`)).toEqual(
    results.map(([, words, letter, , shown = words]) => `${letter} ${shown}`),
  );
  expect(legend).toEqual(results.map(([, words, , , shown = words]) => `${shown}: 1`));
  expect(svg).toContain(
    '<title id="title">10 runs of 1 deployment since Sat 2026-11-21 09:00 in Asia/Shanghai, and 1 missed</title>',
  );
  expect(svg).toMatch(/<desc id="description">daily: 10 runs, .*, 1 missed<\/desc>/);
});

test("a picture of 50 deployments and 700 runs has a row for each, and nothing lies on anything else", async () => {
  world.day(1);
  const ids = Array.from({ length: 50 }, (_, index) =>
    world.create(`W${"M".repeat(60)}-${index}`, { schedule: undefined }),
  );
  // The first deployment needs several lines.
  const runs = ids.flatMap((id, index) => Array.from({ length: index === 0 ? 112 : index === 1 ? 0 : 12 }, () => id));
  for (const [index, id] of [...runs, ...ids.slice(2, 14)].entries()) {
    world.at(Date.UTC(2026, 10, 1, 2) + index * 60_000);
    world.run(id, {});
  }
  const { status, squares, samples, rows, legend, height, svg } = await draw("--all", "--since", "4d");
  expect(status).toBe(0);
  expect([rows.length, squares.length]).toEqual([50, 700]);
  expect(legend).toEqual(["no runs", "done: 700"]);
  const all = [...squares, ...samples];
  expect(Math.max(...all.map(({ x }) => x + 18))).toBeLessThanOrEqual(940);
  expect(Math.max(...all.map(({ y }) => y + 18))).toBeLessThan(height);
  const grid = new Map<number, Box[]>();
  for (const square of all) {
    grid.set(square.y, [...(grid.get(square.y) ?? []), square]);
  }
  const tops = [...grid.keys()].sort((one, other) => one - other);
  expect(tops.slice(1).every((top, index) => top - (tops[index] ?? 0) > 18)).toBe(true);
  for (const line of grid.values()) {
    const lefts = line.map(({ x }) => x).sort((one, other) => one - other);
    expect(lefts.slice(1).every((left, index) => left - (lefts[index] ?? 0) > 18)).toBe(true);
  }
  // The inner picture with the names ends before the squares begin.
  const [, namesEnd] = /<svg width="(\d+)">/.exec(svg) ?? [];
  expect(Number(namesEnd)).toBeLessThan(Math.min(...squares.map(({ x }) => x)));
  expect(rows.slice(1).every(({ y }, index) => y - (rows[index]?.y ?? 0) >= 20)).toBe(true);
});

test("--svg escapes a foreign name and replaces the file, which everybody may read", async () => {
  writeFileSync(folder.at("nights.svg"), "old");
  world.create('<script>"&\u001b[31m\uffff');
  const { file, svg, rows, stderr } = await draw("--all", "--since", "1d");
  expect(stderr).toBe(`Wrote ${file}\n`);
  expect(statSync(file).mode & 0o777).toBe(0o644 & ~process.umask());
  expect(rows).toMatchObject([{ name: "&lt;script&gt;&quot;&amp; [31m " }]);
  expect(svg).not.toMatch(/<script|<a |href|url\(|onload/);
  // These characters are no XML.
  expect(svg).not.toMatch(/(?!\n)\p{Cc}|[\ufffe\uffff]/u);
});

test("each letter has a contrast of at least 4.5 to its square, in both colour schemes", async () => {
  world.create("daily");
  const { svg } = await draw("--all", "--since", "1d");
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5]
      .map((start) => Number.parseInt(colour.slice(start, start + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const pairs = [...svg.matchAll(/\.(\w+)\{fill:(#\w{6})\}\.on-\1\{fill:(#\w{6})\}/g)];
  expect(pairs).toHaveLength(8);
  for (const [, , fill = "", letter = ""] of pairs) {
    const [dark = 0, light = 0] = [luminance(fill), luminance(letter)].sort((one, other) => one - other);
    expect((light + 0.05) / (dark + 0.05)).toBeGreaterThanOrEqual(4.5);
  }
});

test("--svg can be given beside --json, and leaves the file as it is if it can read nothing", async () => {
  world.create("daily");
  const { stdout, squares } = await draw("--all", "--since", "1d", "--json");
  expect(JSON.parse(stdout)).toHaveLength(1);
  expect(squares).toEqual([]);
  const file = folder.at("nights.svg");
  writeFileSync(file, "old");
  world.fault("/deployments", { status: 401 });
  expect((await world.status("--all", "--since", "1d", "--svg", file)).status).toBe(2);
  expect(readFileSync(file, "utf8")).toBe("old");
});

test("a file that --svg cannot write is an error after the table", async () => {
  world.create("daily");
  const { status, stdout, stderr } = await world.status("--all", "--since", "1d", "--svg", folder.at("no/n.svg"));
  expect(status).toBe(2);
  expect(stdout).toContain("1 of 1 healthy");
  expect(stderr).toMatch(/n\.svg cannot be written: .*\(ENOENT\)/);
});

test.each([
  [["--svg", "nights.svg"], "--svg draws the runs since a time, so it needs --since, such as --since 7d"],
  [
    ["--since", "1d", "--svg", "package.json"],
    '--svg replaces the file that it names, so the name must end in .svg, unlike "package.json"',
  ],
])("%j is a wrong command line", async (args, reason) => {
  const { status, stderr } = await world.status("--all", ...args);
  expect({ status, stderr }).toEqual({ status: 64, stderr: expect.stringContaining(reason) });
  expect(world.requests).toEqual([]);
});
