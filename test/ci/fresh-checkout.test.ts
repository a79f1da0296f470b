import { spawn } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packPackage } from "../../tools/matrix/tools";
import { EngineWorld, repository } from "../support/engine-world";
import { KeyService } from "../support/key-service";
import { outputOf } from "../support/output-of";
import { commandsOf } from "../support/readme-commands";

const world = EngineWorld.ofTests();

/** Runs shell commands with a cache of npm that is empty at first. npm does not start with the modules that the tests load late. */
function run(folder: string, commands: string): Promise<string> {
  const env = {
    ...world.environment,
    NODE_OPTIONS: "",
    npm_config_cache: join(world.folder, "npm-cache"),
    PULUMI_STACK: "dev",
  };
  const child = spawn("bash", ["-c", `set -euo pipefail\n${commands}`], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return outputOf(child, commands);
}

test("a fresh checkout of the pipeline, with the package in vendor/, installs by `npm ci`, previews, and prints no line that a runner obeys", async () => {
  const clone = join(world.folder, "clone");
  const project = join(clone, "examples", "pipeline");
  mkdirSync(clone);
  await packPackage(repository, clone);
  cpSync(join(repository, "examples", "pipeline"), project, { recursive: true });

  const [install] = commandsOf(readFileSync(join(project, "README.md"), "utf8")).split("pulumi stack init");
  await run(project, install ?? "");
  const commit = "git -c user.name=one -c user.email=one@example.com commit --quiet --message one";
  await run(project, `git init --quiet && git add . && ${commit} && git clone --quiet . ../../../checkout`);

  const checkout = join(world.folder, "checkout");
  const hostile = "Reviews ##[error]what was merged\\n  ::stop-commands::forged";
  const program = readFileSync(join(checkout, "index.ts"), "utf8");
  writeFileSync(join(checkout, "index.ts"), program.replace("Reviews what was merged in the last day", hostile));
  await run(checkout, "rm -r ../npm-cache && npm ci");
  await run(
    checkout,
    `pulumi stack init dev --secrets-provider ${KeyService.provider} && pulumi config set --secret repositoryToken ghp_1`,
  );
  const output = await run(checkout, "npx --no pulumi-qoder -- --version && ci/preview.sh");
  expect(output).toMatch(/^0\.1\.0\n[\s\S]*Reviews # #\[error\]what was merged[\s\S]*\+ 4 to create/);
  expect(output).not.toMatch(/##\[|^\s*::/m);
});
