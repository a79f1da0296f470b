import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { firstProgramOf } from "../../tools/pictures/document-program";
import { EngineWorld, repository, token } from "../support/engine-world";
import { Example } from "../support/example";

const world = EngineWorld.ofTests();
const page = readFileSync(join(repository, "docs", "take-over.md"), "utf8");

/** The commands of this part of the page, as a person copies them. */
function commandsOf(heading: string): string[] {
  const [part = ""] = page.split(`\n## ${heading}\n`)[1]?.split("\n## ") ?? [];
  return [...part.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, block = ""]) => block.replaceAll("pt-...", token));
}

test("who knows no passphrase follows the page: the new stack manages what the old one did, and no command of the page changes an object", async () => {
  const example = new Example(world, "look-ups");
  rmSync(join(example.folder, "README.md"));
  writeFileSync(join(example.folder, "index.ts"), firstProgramOf("README.md"));
  const owner = "pulumi config set --path qoder:defaultMetadata.owner reports/prod";
  await example.run(
    `export PULUMI_CONFIG_PASSPHRASE=forgotten\ncommand pulumi stack init prod --secrets-provider passphrase\n${owner}\npulumi config set --secret qoder:pat old\npulumi config rm qoder:pat\npulumi up`,
  );
  world.api.environments.create({ name: "of nobody" });
  example.sent();

  const lost = commandsOf("Nobody knows the passphrase, or the state is lost");
  expect(lost).toHaveLength(3);
  const [leave = "", begin = "", finish = ""] = lost;
  const wrong = "export PULUMI_CONFIG_PASSPHRASE=wrong\n";
  await expect(example.run(`${wrong}pulumi preview`)).rejects.toThrow("passphrase");
  for (const heading of ["Look first"]) {
    expect(await example.run(`${wrong}${commandsOf(heading).join("")}`)).toContain("daily-report");
  }
  await example.run(`${wrong}${leave}`);
  expect(readFileSync(join(example.folder, "backup.yaml"), "utf8")).toContain("owner: reports/prod");
  await example.run(begin.replace("# now set", `${owner} # now set`));
  const file = join(example.folder, "recovered", "import.json");
  const { resources } = JSON.parse(readFileSync(file, "utf8"));
  const own = ["reporter", "cloud", "daily-report"];
  writeFileSync(
    file,
    JSON.stringify({ resources: resources.filter(({ name }: { name: string }) => own.includes(name)) }),
  );
  expect(await example.run(finish)).toMatch(/^ +4 unchanged$/m);

  const belongs = await example.run(commandsOf("What belongs to which stack").join(""));
  expect(belongs).toMatch(/daily-report +dep_\w+|dep_\w+/);
  expect(belongs).toContain("of nobody");
  const replaced = commandsOf("Replace the token")
    .join("")
    .replace("pulumi preview", "pulumi preview --expect-no-changes");
  await example.run(replaced);
  expect(example.sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
});
