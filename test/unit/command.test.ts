import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readdirSync, readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { commandRows, run } from "../../command/main";
import { ended } from "./ended";
import { json, startServer } from "./local-server";

const repository = join(__dirname, "..", "..");
const packageJson = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const commands = commandRows.map(({ name }) => name);
const command = (...args: string[]) => ended((streams) => run(args, {}, streams));

test("--help lists the commands, and a call without a command prints the same text with status 2", async () => {
  for (const args of [["--help"], ["-h"]]) {
    const { status, stdout, stderr } = await command(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npx pulumi-qoder COMMAND .*\n\n {2}import .*\n {2}status /);
    expect(await command()).toEqual({ status: 2, stdout: "", stderr: stdout });
  }
});

test("each command that has a page exists", () => {
  const pages = readdirSync(join(repository, "docs", "commands")).map((page) => page.replace(".md", ""));
  expect(commands).toEqual(expect.arrayContaining(pages));
});

test("--version prints the version of the package", async () => {
  expect(await command("--version")).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
});

test.each([
  ["stauts", "status"],
  ["resumes", "resume"],
])("the error about %s, which is no command, suggests %s", async (name, meant) => {
  expect(await command(name)).toEqual({
    status: 2,
    stdout: "",
    stderr: `pulumi-qoder: "${name}" is not a command; did you mean ${meant}? See \`npx pulumi-qoder --help\`\n`,
  });
});

test.each(["deploy", "--all"])("the error about %s, which is no command, lists the commands", async (name) => {
  expect(await command(name)).toEqual({
    status: 2,
    stdout: "",
    stderr: `pulumi-qoder: "${name}" is not a command; the commands are ${commands.slice(0, -1).join(", ")} and ${commands.at(-1)}. See \`npx pulumi-qoder --help\`\n`,
  });
});

test("the file that npm links as pulumi-qoder is an executable Node.js script that exports run", () => {
  const { "pulumi-qoder": bin } = packageJson.bin;
  expect(readFileSync(join(repository, bin), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(require(join(repository, bin))).toHaveProperty("run");
});

test.each([
  [["status", "--agent", "agent_1", "--agent", "agent_2"], "--agent takes one value; give it once"],
  [["pause", "--stack", "dev", "--yes", "--stack=prod"], "--stack takes one value; give it once"],
  [["resume", "a.json", "--yes", "--timeout=5", "--timeout=6"], "--timeout takes one value; give it once"],
  [["pause", "--all", "--workspace", "", "--yes"], "--workspace has an empty value"],
  [["calendar", "--all", "--workspace= "], "--workspace has an empty value"],
  [["import", "--all", "--out="], "--out has an empty value"],
  [["probe", "--yes", "--workspace="], "--workspace has an empty value"],
])("%j is a wrong command line, because only a part of it would count", async (args, reason) => {
  const stderr = `pulumi-qoder: ${reason}. See \`npx pulumi-qoder ${args[0]} --help\`\n`;
  expect(await command(...args)).toEqual({ status: 2, stdout: "", stderr });
});

test.each(commands)(
  "the help of %s has at most 100 columns and 40 lines, and names its page and its statuses",
  async (name) => {
    const { status, stdout } = await command(name, "--help");
    const lines = stdout.trimEnd().split("\n");
    expect(status).toBe(0);
    expect(lines[0]).toMatch(new RegExp(`^Usage: npx pulumi-qoder ${name} `));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
    expect(lines.length).toBeLessThanOrEqual(40);
    expect(stdout).toContain("\nExit status: 0 ");
    const [, page = "", section] = /^(.*?)(?:#(.*))?$/.exec(lines.at(-1)?.replace("More: ", "") ?? "") ?? [];
    const text = readFileSync(join(repository, page), "utf8");
    expect(section === undefined || text.includes(`\n## ${section}\n`)).toBe(true);
  },
);

/** The options in the help, with a value where the help shows one. */
const optionsIn = (help: string) =>
  [...help.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)( \S+)?(?= {2}|$)/gm)].map(
    ([, option = "", value]) => [option, value] as const,
  );

test.each(commands)(
  "%s takes every option that its help lists, and needs a value where the help shows one",
  async (name) => {
    const { stdout } = await command(name, "--help");
    const options = optionsIn(stdout);
    expect(options.length).toBeGreaterThan(2);
    for (const [option, value] of options) {
      const { stderr } = await command(name, value === undefined ? `${option}=x` : option);
      const wrong = value === undefined ? "does not take an argument" : "argument missing";
      expect(value === " [NAME]" ? "argument missing" : stderr).toContain(wrong);
    }
  },
);

test.each([
  ["status", "--stak", "--stack"],
  ["pause", "--cancle", "--cancel"],
  ["calendar", "--time-zone", "--timezone"],
  ["import", "--kinds", "--kind"],
  ["logs", "--hystory", "--history"],
])("the error of %s about %s suggests %s", async (name, given, meant) => {
  const { status, stderr } = await command(name, given);
  expect({ status, stderr }).toEqual({
    status: 2,
    stderr: `pulumi-qoder: Unknown option '${given}'; did you mean ${meant}? See \`npx pulumi-qoder ${name} --help\`\n`,
  });
});

test.each(commands.filter((name) => !["drift", "probe", "stand-in"].includes(name)))(
  "%s without an argument says in one line what is missing",
  async (name) => {
    const { status, stdout, stderr } = await command(
      name,
      ...(["pause", "resume"].includes(name) ? ["--dry-run"] : []),
    );
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(`^pulumi-qoder: nothing is selected; give \\S.*\\. See \`npx pulumi-qoder ${name} --help\`\n$`),
    );
  },
);

test.each([
  ["status", "--all"],
  ["calendar", "--all"],
  ["limits", "--all"],
  ["versions", "agent_1"],
  ["logs", "dep_1"],
  ["pause", "--all", "--dry-run"],
  ["resume", "--all", "--dry-run"],
  ["cancel", "sess_1", "--yes"],
  ["import", "--all", "--dry-run"],
])("%s closes its connections, which would keep the process alive", async (...args) => {
  const sockets: Socket[] = [];
  const connected = (message: unknown) => sockets.push(Object(message).socket);
  subscribe("undici:client:connected", connected);
  const error = { type: "error", error: { type: "not_found_error", message: "none" } };
  const server = await startServer(json(error, 404));
  await ended((streams) => run(args, { QODER_PAT: "pt-closes-3f6a", QODER_BASE_URL: server.url }, streams));
  unsubscribe("undici:client:connected", connected);
  const open = sockets.filter(({ destroyed }) => !destroyed);
  await server.close();
  expect([sockets.length > 0, open]).toEqual([true, []]);
});

test("options without a value may be given again, and --kind too", async () => {
  const { stderr } = await command("import", "--all", "--all", "--kind", "agent", "--kind", "deployment");
  expect(stderr).toMatch(/^pulumi-qoder import failed: no Qoder access token/);
});
