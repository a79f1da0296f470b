import { kindNames, kinds } from "../../../provider/kinds/table";
import { useImportWorld } from "./import-world";

const world = useImportWorld();

test("--help prints the help, and a command without a selection says what is missing", async () => {
  for (const args of [["--help"], ["-h"], ["--all", "--help"]]) {
    expect(await world.printed(...args)).toMatchObject({
      status: 0,
      stderr: "",
      stdout: expect.stringContaining("--out"),
    });
  }
  for (const args of [[], ["--out", "x"]]) {
    expect(await world.printed(...args)).toMatchObject({
      status: 64,
      stdout: "",
      stderr:
        "pulumi-qoder: nothing is selected; give ID ..., --all, --agent ID or --stack [NAME]. See `npx pulumi-qoder import --help`\n",
    });
  }
  expect(world.api.requests).toEqual([]);
});

test("--help names each kind of the table but runs, which cannot be imported, and says that no program is read", async () => {
  const { stdout } = await world.printed("--help");
  const help = stdout.replace(/\s+/g, " ");
  const words = /only these kinds, with commas or given again: ([a-z, -]+)/.exec(help)?.[1] ?? "";
  const shown = kindNames.filter((name) => name !== "DeploymentRun").map((name) => kinds[name].noun.replace(" ", "-"));
  for (const word of shown) {
    expect(words).toContain(word.replace("vault-credential", "credential"));
  }
  expect(help).toContain("Reads no program: only --stack tells what a stack manages.");
});

test.each<[string[], string]>([
  [["--unknown"], "unknown option '--unknown'"],
  [["--agent"], "option '--agent <ID>' argument missing"],
  [
    ["dep_1", "vcred_1"],
    '"vcred_1" is not an id of any kind: environment (env_...), skill (skill_...), file (file_...), agent (agent_...), vault (vault_...), vault credential (vault_.../vcred_...), memory store (memstore_...), deployment (dep_...)',
  ],
  [["--agent", "dep_1"], '"dep_1" is not the id of an agent (agent_...)'],
  [["dep_1", "--all"], "give either ids, --all or --agent, not several of them"],
  [["--all", "--kind", "deployments"], '"deployments" is not a kind; did you mean deployment?'],
  [
    ["--all", "--kind", "x"],
    '"x" is not a kind; known are environment, skill, file, agent, vault, vault credential, memory store, deployment',
  ],
  [["--kind", "agent"], "--kind limits --all and --agent; give one of them as well"],
  [["dep_1", "--kind", "agent"], "--kind limits --all and --agent; an id says its kind itself"],
  [["--agent", "agent_1", "--kind", "agent,environment"], "--agent selects no environment; take it out of --kind"],
  [
    ["--agent", "agent_1", "--kind", "deployment,credential"],
    "--agent selects no vault credential; take it out of --kind",
  ],
  [
    ["--all", "--timeout", "soon"],
    '--timeout takes a time with its unit (s, m, h, d or w), such as 90s or 2h, not "soon"',
  ],
])("the wrong command line %j is answered with one line that names the mistake", async (args, reason) => {
  const stderr = `pulumi-qoder: ${reason}${reason.endsWith("?") ? "" : "."} See \`npx pulumi-qoder import --help\`\n`;
  expect(await world.printed(...args)).toEqual({ status: 64, stdout: "", stderr });
  expect(world.requests).toEqual([]);
});
