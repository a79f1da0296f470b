import { misused, useStatusWorld } from "./status-world";

const world = useStatusWorld();

test.each<[string[], string]>([
  [["--unknown"], "unknown option '--unknown'"],
  [["--agent"], "option '--agent <ID>' argument missing"],
  [["--agent", "dep_1"], '"dep_1" is not the id of an agent (agent_...)'],
  [["dep_1", "--all"], "dep_1 and --all select in two ways: leave one of them out"],
  [["--stack", "dev", "--all"], "--all and --stack dev select in two ways: leave one of them out"],
  [["--stack="], "--stack has an empty name; leave the name out for the selected stack"],
  [
    ["--stack", "--workspace", "ws_1"],
    "--workspace ws_1 does not go with --stack: the stack says which workspace each deployment is in",
  ],
  [[""], '"" is neither the id nor the name of a deployment'],
  [["daily", "--label", "team=search"], "--label team=search does not go with daily, which selects by itself"],
  ...["team", "=search", ""].map((label): [string[], string] => [
    ["--all", `--label=${label}`],
    `--label takes KEY=VALUE, such as team=search, not "${label}"`,
  ]),
  [
    ["--all", "--timezone", "Mars"],
    '--timezone: "Mars" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai',
  ],
  [
    ["--all", "--longest-run", "2"],
    '--longest-run takes a time with its unit (s, m, h, d or w), such as 90s or 2h, not "2"',
  ],
  [
    ["--all", "--since", "1h", "--no-results"],
    "--since counts the results of runs, and --no-results does not read them; give one of the two",
  ],
  [
    ["--all", "--longest-run", "2h", "--no-results"],
    "--longest-run judges open sessions, and --no-results does not read them; give one of the two",
  ],
  [
    ["--all", "--since", "2027-01-01T00:00:00Z"],
    '--since takes a time that has passed, and "2027-01-01T00:00:00Z" is still to come',
  ],
  ...["yesterday", "0h", "24", "2026-11-25", "-1h", "2026-02-30T00:00:00Z", "2025-02-29T00:00:00Z"].map(
    (since): [string[], string] => [
      ["--all", `--since=${since}`],
      `--since takes a time that has passed, such as 24h, 7d or 2026-11-25T00:00:00Z, not "${since}"`,
    ],
  ),
  ...["0s", "-1s", "1.5h", "30", "", "1000000s"].map((timeout): [string[], string] => [
    ["--all", `--timeout=${timeout}`],
    `--timeout takes a time with its unit (s, m, h, d or w), such as 90s or 2h, not "${timeout}"`,
  ]),
  [["--all", "--timeout=8d"], '--timeout takes at most 7d, not "8d"'],
  [["--stack", "dep_1"], "--stack takes the name of a stack, and dep_1 is a deployment; leave --stack out"],
  [["--all", "--workspace", "--json"], '--workspace needs a value, and "--json" looks like an option'],
  ...["", "--json", "--workspace ws_1"].map((line): [string[], string] => [
    line.split(" ").filter(Boolean),
    "nothing is selected; give dep_..., NAME, --all, --agent ID, --stack [NAME] or --label KEY=VALUE",
  ]),
])("the wrong command line %j is answered with one line that names the mistake", async (args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder status --help\`\n`;
  expect(await world.status(...args)).toEqual({ ...misused, stderr });
  expect(world.requests).toEqual([]);
});
