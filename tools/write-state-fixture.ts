import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { QoderDeployment } from "../provider";
import { EngineWorld, repository } from "../test/support/engine-world";
import { everything, wholeTeam } from "../test/support/everything";

/**
 * Saves the states that this version writes, for all later versions to understand. Once a release:
 * `npx tsx tools/write-state-fixture.ts && npm run format`.
 */
async function main(): Promise<void> {
  const { version } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  await save(`${version}.json`, async () => {
    new QoderDeployment("daily-report", everything);
  });
  await save(`whole-team/${version}.json`, wholeTeam);
}

async function save(name: string, program: () => Promise<void>): Promise<void> {
  const world = await EngineWorld.start({ switches: { casConfig: "present" } });
  try {
    world.api.agents.create({ id: "agent_019eb4d4a06d747c865d5800b9c57ae2" });
    world.api.environments.create({ id: "env_019e64e01a137caf953ac2ac7b42ec5c" });
    const stack = await world.stack();
    await stack.up(program);
    await stack.refresh();
    const state = await stack.automation.exportStack();
    const file = join(repository, "test", "engine", "states", name);
    // Drops the source positions: they mean nothing to the engine, and would name folders of this machine.
    const text = JSON.stringify(
      state,
      (key, value: unknown) => (/^(sourcePosition|stackTrace)$/.test(key) ? undefined : value),
      2,
    );
    writeFileSync(file, `${text}\n`);
    process.stdout.write(`${file}\n`);
  } finally {
    await world.stop();
  }
}

main();
