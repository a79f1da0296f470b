import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { commandRows, run } from "../../command/main";
import { ended } from "./ended";
import { json, startServer } from "./local-server";

const repository = join(__dirname, "..", "..");
const packageJson = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const commands = commandRows.map(({ name }) => name);
const command = (...args: string[]) => ended((streams) => run(args, {}, streams));

test("--help lists the commands, and a call without a command prints the same text with status 64", async () => {
  for (const args of [["--help"], ["-h"]]) {
    const { status, stdout, stderr } = await command(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npx pulumi-qoder COMMAND [\s\S]*\nCommands:\n {2}import .*\n {2}status /);
    expect(await command()).toEqual({ status: 64, stdout: "", stderr: stdout });
  }
});

test.each(["--version", "-v"])("%s prints the version of the package", async (option) => {
  expect(await command(option)).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
});

test.each(commands)("`help %s` prints what `%s --help` prints", async (name) => {
  expect(await command("help", name)).toEqual(await command(name, "--help"));
});

test.each([
  ["stauts", "unknown command 'stauts'; did you mean status?"],
  ["resumes", "unknown command 'resumes'; did you mean resume?"],
  ["deploy", "unknown command 'deploy'."],
  ["--all", "unknown option '--all'."],
  ["help stauts", "no command has this name."],
  ["-- status", "the name of the command comes first."],
])("%j, which begins with no command, is a wrong command line", async (line, reason) => {
  const { status, stdout, stderr } = await command(...line.split(" "));
  expect([status, stdout]).toEqual([64, ""]);
  expect(stderr.replace(/^Usage: [\s\S]*\nMore: .*\n/, "")).toBe(
    `pulumi-qoder: ${reason} See \`npx pulumi-qoder --help\`\n`,
  );
});

test("the file that npm links as pulumi-qoder is an executable Node.js script that exports run", () => {
  const { "pulumi-qoder": bin } = packageJson.bin;
  expect(readFileSync(join(repository, bin), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(require(join(repository, bin))).toHaveProperty("run");
});

test.each([
  ["status --agent agent_1 --agent agent_2", "--agent takes one value; give it once."],
  ["pause --stack dev --yes --stack=prod", "--stack takes one value; give it once."],
  ["pause --all --workspace  --yes", "--workspace has an empty value."],
  ["calendar --all --workspace=\t", "--workspace has an empty value."],
  ["status --stak", "unknown option '--stak'; did you mean --stack?"],
  ["pause --cancle", "unknown option '--cancle'; did you mean --cancel?"],
  ["drift prod", 'drift takes no argument such as "prod"; write --stack prod for a stack.'],
  ["stand-in 4010", 'stand-in takes no argument such as "4010".'],
  ["logs --hystory", "unknown option '--hystory'; did you mean --history?"],
])("%j is a wrong command line: %s", async (line, reason) => {
  const [name = "", ...args] = line.split(" ");
  const stderr = `pulumi-qoder: ${reason} See \`npx pulumi-qoder ${name} --help\`\n`;
  expect(await command(name, ...args)).toEqual({ status: 64, stdout: "", stderr });
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
      const wrong = value === undefined ? "unknown option" : "argument missing";
      expect(value === " [NAME]" ? "argument missing" : stderr).toContain(wrong);
    }
  },
);

test.each(commands.filter((name) => !["drift", "stand-in"].includes(name)))(
  "%s without an argument says in one line what is missing",
  async (name) => {
    const { status, stdout, stderr } = await command(
      name,
      ...(["pause", "resume"].includes(name) ? ["--dry-run"] : []),
    );
    expect({ status, stdout }).toEqual({ status: 64, stdout: "" });
    expect(stderr).toMatch(
      new RegExp(`^pulumi-qoder: nothing is selected; give \\S.*\\. See \`npx pulumi-qoder ${name} --help\`\n$`),
    );
  },
);

test.each([
  ["status", "--all"],
  ["calendar", "--all"],
  ["logs", "dep_1"],
  ["pause", "--all", "--dry-run"],
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
