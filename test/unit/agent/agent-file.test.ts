import { writeFileSync } from "node:fs";
import { agentFile } from "../../../provider";
import { TemporaryFolder } from "../../support/temporary-folder";

const folder = TemporaryFolder.ofTests();

function fileOf(text: string | Uint8Array): string {
  const file = folder.at("reporter.md");
  writeFileSync(file, text);
  return file;
}

function messageOf(text: string | Uint8Array): string {
  const file = fileOf(text);
  try {
    agentFile(file);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(file, "reporter.md") : String(error);
  }
  throw new Error("the file was read without an error");
}

const matter = (yaml: string, body = "") => `---\n${yaml}\n---\n${body}`;

test("the front matter gives the arguments, and the text below it gives `system`", () => {
  const tools =
    "tools:\n  - type: agent_toolset_20260401\n    enabledTools: [Read, Grep]\nmetadata: { team: platform }";
  const body = "\nYou write short status reports.\n\n---\n\nAlways in English.\n";
  expect(agentFile(fileOf(matter(`name: reporter\nmodel: ultimate\n${tools}`, body)))).toEqual({
    name: "reporter",
    model: "ultimate",
    tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep"] }],
    metadata: { team: "platform" },
    system: "You write short status reports.\n\n---\n\nAlways in English.",
  });
});

test("a file without a text gives no `system`, and a front matter may have it instead", () => {
  expect(agentFile(fileOf(matter("model: ultimate", "\n \n")))).toEqual({ model: "ultimate" });
  expect(agentFile(fileOf(matter("model: ultimate\nsystem: Be brief.")))).toEqual({
    model: "ultimate",
    system: "Be brief.",
  });
});

test("a file with the line ends of Windows and without a last line end is read like any other", () => {
  expect(agentFile(fileOf("---\r\nmodel: ultimate\r\n---\r\nBe brief.\r\nAlways."))).toEqual({
    model: "ultimate",
    system: "Be brief.\nAlways.",
  });
});

const stranger = (line: number, name: string, meant: string) =>
  `reporter.md:${line}: ${name}: is not an argument of a QoderAgent; did you mean ${meant}?`;
const bothTexts = "reporter.md:3: the file has a text, and system is given too; remove one of them";
const noMatter = "reporter.md:1: has no front matter; start it with the lines ---, model: ..., ---";
/** Each line holds nine times the line before it. */
const bomb = [..."abcdefghi"].map(
  (name, at, all) => `${name}: &${name} [${Array(9).fill(at ? `*${all[at - 1]}` : "x")}]`,
);

test.each<[what: string, text: string, message: string | RegExp]>([
  ["an unknown argument", matter("name: a\nmodle: ultimate\nmodel: ultimate"), stranger(3, "modle", "model")],
  ["the API's name of an argument", matter("model: a\nmcp_servers: []"), stranger(3, "mcp_servers", "mcpServers")],
  ["a missing model", matter("name: reporter"), /^reporter\.md:1: model: /],
  ["a value of another type", matter("model: ultimate\ndescription: 7"), /^reporter\.md:3: description: /],
  [
    "a mistake inside a list",
    matter("model: ultimate\ntools:\n  - type: agent_toolset_20260401\n  - type: 7"),
    /^reporter\.md:5: tools\[1\]\.type: /,
  ],
  ["`system` beside a text", matter("model: ultimate\nsystem: Be brief.", "Be long."), bothTexts],
  ["invalid YAML", matter("model: ultimate\nname: [a"), /^reporter\.md:3: /],
  ["no front matter", "You write reports.", noMatter],
  ["aliases that expand to an enormous value", matter(bomb.join("\n")), /^reporter\.md:1: .*alias/i],
])("%s is an error with the file and the line", (_, text, message) => {
  expect(messageOf(text)).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
});

test("each mistake of a file has a line of its own in the error", () => {
  expect(messageOf(matter("modle: a\nmodel: ultimate\nsistem: b")).split("\n")).toEqual([
    expect.stringContaining("reporter.md:2: modle: "),
    expect.stringContaining("reporter.md:4: sistem: "),
  ]);
});

test("a file that does not exist is an error that names it, without a stack: the program has no mistake", () => {
  const failure = { message: expect.stringMatching(/^agentFile: .*no-such-agent\.md/), stack: "" };
  expect(() => agentFile("no-such-agent.md")).toThrow(expect.objectContaining(failure));
});
