import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { TemporaryFolder } from "../support/temporary-folder";

const folder = TemporaryFolder.ofTests();
const scripts = resolve(__dirname, "..", "..", "examples", "pipeline", "ci");

/** What `ci/print.mjs` prints of this text, by lines. */
function printed(text: string): string[] {
  const { stdout } = spawnSync("node", [join(scripts, "print.mjs")], { input: text, encoding: "utf8" });
  return stdout.split("\n").slice(0, -1);
}

/**
 * True if a runner obeys the line: `TryParseV2` and `TryParse` of src/Runner.Common/ActionCommand.cs in actions/runner, which compare by the
 * rules of a culture and so skip characters that nobody sees; and the commands of Azure Pipelines and TeamCity.
 */
function isObeyed(line: string): boolean {
  const seen = line.replace(/[\p{Default_Ignorable_Code_Point}\0]/gu, "").replace(/^[\s\u0085]+/, "");
  return seen.startsWith("::") || /##(vso|teamcity)?\[/.test(seen);
}

const commands = [
  "::error file=app.js,line=1::forged",
  "                  ::add-mask::deployment",
  "\t::stop-commands::xyz",
  "::::",
  ":::group::x",
  "\u00a0::warning::a space of another kind",
  "\u3000::warning::an ideographic space",
  "\u0085::warning::a control character",
  "\ufeff::notice::a byte order mark",
  "\u200b::notice::a space without width",
  ":\u200d:notice::a joiner within",
  "\0::debug::a null",
  "##[error]forged",
  "nightly ##[group]in a name",
  "###[endgroup]",
  "##\u2060[command]a joiner within",
  "##vso[task.setvariable variable=PATH]/tmp",
  "a line ##teamcity[buildStop comment='x']",
];

test.each(commands)("no runner obeys %j after ci/print.mjs, and a reader still reads its words", (command) => {
  expect(isObeyed(command)).toBe(true);
  const lines = printed(`before\n${command}\nafter\n`);
  expect(lines.filter(isObeyed)).toEqual([]);
  expect(lines.at(0)).toBe("before");
  expect(lines.at(-1)).toBe("after");
  expect(lines.join("").replace(/\s/g, "")).toContain(/\w+/.exec(command)?.[0] ?? "");
});

test.each(["\r", "\r\n", "\u2028", "\v", "\f"])(
  "a command after the line end %j within a text is none after ci/print.mjs",
  (end) => {
    expect(printed(`a text${end}::add-mask::deployment\n`).filter(isObeyed)).toEqual([]);
  },
);

test("ci/print.mjs leaves other lines as they are, and shows what acts on a terminal by its code", () => {
  const usual = [
    "    [urn=urn:pulumi:dev::reports::qoder:Agent::reporter]",
    "\t+ 1 to create",
    "",
    "# [1] Grüße 👩‍💻",
    "a::b",
  ];
  expect(printed(`${usual.join("\n")}\n`)).toEqual(usual);
  expect(printed("\u001b[2Jgone\u202e\n")).toEqual(["\\u001b[2Jgone\\u202e"]);
});

test("a report of ci/report.sh shows by its code what acts on a terminal, and ends at its own frame alone", () => {
  const file = folder.at("said.txt");
  writeFileSync(file, "\u001b[2Jgone\u202e\n</pre>@team\n::add-mask::deployment\n");
  const { stdout } = spawnSync(join(scripts, "report.sh"), ["Drift", file], { encoding: "utf8" });
  expect(stdout).toBe(
    "### Drift\n\n<pre>\n\\u001b[2Jgone\\u202e\n&lt;/pre&gt;@team\n: :add-mask::deployment\n</pre>\n",
  );
});

test.each(readdirSync(scripts).filter((name) => name.endsWith(".sh")))(
  "ci/%s prints the output of no command past ci/print.mjs",
  (name) => {
    const lines = readFileSync(join(scripts, name), "utf8").split("\n");
    const printing = lines.filter(
      (line) => /^(cat|pulumi|npx|qoder) /.test(line) && !/>\w|\| node ci\/print\.mjs/.test(line),
    );
    expect(printing).toEqual([]);
    expect(lines.join("\n")).toMatch(/node .*\bprint\.mjs/);
  },
);
