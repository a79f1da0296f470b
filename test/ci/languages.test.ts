import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../support/engine-world";
import { create } from "../support/imported-account";
import { LanguagesProject } from "../support/languages-project";
import { secrets } from "../support/secret-scan";

const project = LanguagesProject.ofTests();
const { world } = project;
const ref = (path: string) => `\${${path}}`;

test.each(["yaml", "javascript"] as const)(
  "a program in %s gets the labels of the stack in its preview, and keeps each object under qoder:protect until one command allows its removal",
  async (language) => {
    await project.run("config", "set", "--path", "qoder:defaultMetadata.cost", "42");
    await project.run("config", "set", "qoder:protect", "true");
    project.write(language, { lessons: ["MemoryStore", { metadata: { team: "data" } }], other: ["MemoryStore", {}] });
    expect(await project.run("preview", "--diff")).toMatch(/cost *: "42"/);
    await project.up();
    const [first, second] = world.api.memoryStores.live();
    expect([first?.metadata, second?.metadata]).toEqual(
      expect.arrayContaining([{ cost: "42", team: "data" }, { cost: "42" }]),
    );
    await project.previewNothing();
    project.write(language, { other: ["MemoryStore", {}] });
    await expect(project.up()).rejects.toThrow("qoder:protect is true, so memstore_");
    await expect(project.run("destroy", "--yes", "--skip-preview")).rejects.toThrow("QODER_ALLOW_REMOVAL=memstore_");
    expect(world.api.memoryStores.live()).toHaveLength(2);
    const removed = [first, second].find((one) => one?.metadata["team"] === "data")?.id ?? "";
    await project.up({ QODER_ALLOW_REMOVAL: removed });
    expect(world.api.memoryStores.live().map(({ metadata }) => metadata)).toEqual([{ cost: "42" }]);
  },
);

test.each([
  ["yaml", "at once", 1],
  ["javascript", "after an `up`", 0],
] as const)("qoder:protect counts for a destroy of a program in %s %s", async (language, _, kept) => {
  project.write(language, { lessons: ["MemoryStore", {}] });
  await project.up();
  await project.run("config", "set", "qoder:protect", "true");
  const destroyed = project.run("destroy", "--yes", "--skip-preview").catch((error: Error) => error.message);
  expect(/qoder:protect is true/.test(await destroyed)).toBe(kept === 1);
  expect(world.api.memoryStores.live()).toHaveLength(kept);
});

test.each(["transforms", "transformations"])(
  "%s change the arguments of each resource, in a create and in an update, and leave no secret in plain text in the state",
  async (option) => {
    const program = (team: string) => `
      const pulumi = require("@pulumi/pulumi");
      const { QoderDeployment, QoderProvider } = require("pulumi-qoder");
      const labelled = ({ props, opts }) => ({
        props: "initialEvents" in props ? { ...props, metadata: { ...props.metadata, team: "${team}" } } : { ...props },
        opts,
      });
      const options = { ${option}: [labelled] };
      const provider = new QoderProvider("account", { pat: pulumi.secret("${secrets.pat}") }, options);
      new QoderDeployment("daily", {
        agent: "${world.agent}", environmentId: "${world.environmentId}", initialEvents: "Go",
        metadata: { label: pulumi.secret("${secrets.label}") },
        resources: [{ type: "git_repository", url: "https://git.example/b", password: "${secrets.git}" }],
      }, { provider, ...options });`;
    for (const team of ["a", "b"]) {
      project.writeJavaScript(program(team));
      await project.up();
      expect(world.live.metadata).toEqual({ label: secrets.label, team });
      expect(project.stored()).toEqual([]);
    }
    await project.previewNothing();
  },
);

test("without a program and a state, `pulumi do` lists, creates, reads, changes and deletes what the account has", async () => {
  const { deployments, vaults } = world.api;
  const made = Array.from({ length: 250 }, (_, index) => create(world, { name: `daily-${index}` }));
  const [id7 = "", id0 = ""] = [made[7]?.id, made[0]?.id];
  const plugin = "node_modules/pulumi-qoder/plugin/pulumi-resource-qoder";
  const outside = (type: string, ...args: string[]) =>
    project.runOutside(secrets.pat, "do", "--package", plugin, `qoder:index:${type}`, ...args);
  const listed = async (...args: string[]): Promise<{ id: string; name: string }[]> =>
    JSON.parse(await outside("Deployment", "list", ...args));
  expect(await listed()).toEqual(made.map(({ id, name }) => ({ id, name })).reverse());
  deployments.pause(id7);
  expect(await listed("--agent", world.agent, "--status", "paused")).toEqual([{ id: id7, name: "daily-7" }]);
  expect(await listed("--count", "2")).toHaveLength(2);
  await expect(outside("Verdict", "list")).rejects.toThrow("Verdict");

  for (let times = 0; times < 2; times += 1) {
    await outside("Vault", "create", "--stateless", "--yes", "--display-name", "tracker");
  }
  const [id = "", other = ""] = vaults.live().map((vault) => vault.id);
  expect(other).toMatch(/^vault_/);
  expect(await outside("Vault", "read", id)).toContain("tracker");
  await expect(outside("Vault", "patch", id, "--stateless", "--yes", "--display-name", "other")).rejects.toThrow(
    "displayName: the API changes no vault. Create another vault and delete this one",
  );
  await outside("Vault", "delete", other, "--stateless", "--yes");
  expect(vaults.live().map((vault) => vault.id)).toEqual([id]);
  await outside("Deployment", "patch", id0, "--stateless", "--yes", "--description", "for the team");
  expect(deployments.get(id0)).toMatchObject({ name: "daily-0", description: "for the team" });
});

test("Pulumi's autonaming names the objects of each stack of a YAML program, and a later setting renames none", async () => {
  const resources =
    "resources:\n  reporter:\n    type: qoder:Agent\n    properties: { model: ultimate }\n  tracker:\n    type: qoder:Vault\n";
  const page = readFileSync(join(repository, "docs", "languages.md"), "utf8");
  const setting = /`(pulumi:autonaming: .*?)`/.exec(page)?.[1] ?? "";
  project.writeYaml(`config:\n  ${setting}\n${resources}`);
  await project.up();
  const names = () => [
    ...world.api.agents.live().map(({ name }) => name),
    ...world.api.vaults.live().map((vault) => vault.display_name),
  ];
  expect(names()).toEqual([expect.anything(), "reporter-dev", "tracker-dev"]);
  project.writeYaml(`config:\n  ${setting.replace(ref("stack"), ref("hex(4)"))}\n${resources}`);
  await project.previewNothing();
  expect(names().slice(1)).toEqual(["reporter-dev", "tracker-dev"]);
});
