import { readFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../provider/command/main";
import { ended } from "./ended";

const repository = join(__dirname, "..", "..");
const packageJson = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
const command = (...args: string[]) => ended((streams) => run(args, {}, streams));

test("--help lists the commands, and a call without a command prints the same text with status 2", async () => {
  for (const args of [["--help"], ["-h"]]) {
    const { status, stdout, stderr } = await command(...args);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toMatch(/^Usage: npx pulumi-qoder COMMAND .*\n\n {2}import .*\n {2}status /);
    expect(await command()).toEqual({ status: 2, stdout: "", stderr: stdout });
  }
});

test("--version prints the version of the package", async () => {
  expect(await command("--version")).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: "" });
});

test.each(["export", "--all"])("the error about %s, which is no command, lists the commands", async (name) => {
  expect(await command(name)).toEqual({
    status: 2,
    stdout: "",
    stderr: `pulumi-qoder: "${name}" is not a command; the commands are import, status, calendar, pause, resume and probe. See \`npx pulumi-qoder --help\`\n`,
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

test("options without a value may be given again, and --kind too", async () => {
  const { stderr } = await command("import", "--all", "--all", "--kind", "agent", "--kind", "deployment");
  expect(stderr).toMatch(/^pulumi-qoder import failed: no Qoder access token/);
});
