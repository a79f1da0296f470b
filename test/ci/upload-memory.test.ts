import { randomBytes } from "node:crypto";
import { skill, skillOf } from "../kinds/skill";
import { DynamicProvider } from "../support/dynamic-provider";
import { originOf } from "../support/simulated-stack";
import { reviewFiles, skillMd } from "../support/skill-folder";
import { World } from "../support/world";

const count = 20;
/** All uploads together exceed the limit, so the test fails if finished uploads stay in memory. */
const changes = 3;
const bytes = 2 * 1024 * 1024;
const mostMb = 200;
const secret = "what-is-in-the-file";

/** A skill of 2 MB that no compression makes smaller. */
function large(): ReturnType<typeof skillOf> {
  const half = bytes / 2;
  const data = Buffer.concat([Buffer.from(secret), randomBytes(half)]);
  return skillOf({ ...reviewFiles, "SKILL.md": skillMd("daily"), "one.bin": data, "two.bin": randomBytes(half) });
}

// In a process of its own, without the memory of the test and of the stand-in.
test(`${count} skills of 2 MB that are created at once, and changed ${changes} times, take the provider less than ${mostMb} MB, and their contents are not in the state or the output`, async () => {
  const world = await World.start(skill);
  const config = { "qoder:pat": "pt-test", "qoder:baseUrl": world.api.url };
  const provider = await DynamicProvider.start({ config, source: skill.source });
  try {
    const declared = () =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const __origin = originOf(skill.type, "dev", `skill-${index}`);
          const { inputs, failures } = await provider.check({ ...large(), __origin });
          expect(failures).toEqual([]);
          return inputs;
        }),
      );
    const start = provider.memory().now;
    let states = await Promise.all((await declared()).map((inputs) => provider.create(inputs)));
    for (let change = 0; change < changes; change += 1) {
      const news = await declared();
      states = await Promise.all(states.map((state, index) => provider.update(state, news[index] ?? state.inputs)));
    }
    expect(provider.memory().peak - start).toBeLessThan(mostMb);

    expect(world.api.skills.all()).toHaveLength(count);
    for (const { id } of world.api.skills.all()) {
      expect(world.api.skills.versions(id)).toHaveLength(1 + changes);
      expect(String(world.api.skills.files(id)["one.bin"])).toContain(secret);
    }
    const texts = JSON.stringify([states, provider.output]);
    expect(texts).toContain("uploads 2.0 MB");
    expect(texts).not.toContain(secret);
  } finally {
    await provider.stop();
    await world.stop();
  }
});
