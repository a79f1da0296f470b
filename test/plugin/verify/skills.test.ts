import { AskingPreview } from "../../support/asking-preview";
import { World } from "../../support/world";

const world = World.ofTests();

/** The failures, warnings and requests of a check of an agent. */
async function verified(args: object) {
  const preview = new AskingPreview(world);
  const failures = await preview.check({ model: "ultimate", ...args }, { kind: "agent" });
  return { failures, warnings: await preview.warnings(), asked: preview.asked() };
}

test("existing skills and pinned versions are read, and cause no warning", async () => {
  const { id, latest_version: version } = world.api.skills.create({ name: "review" });
  world.api.skills.addVersion(id);
  const skills = [{ type: "custom", skillId: id, version }];
  const { failures, warnings, asked } = await verified({ skills });
  expect({ failures, warnings }).toEqual({ failures: [], warnings: [] });
  expect(asked).toEqual(
    expect.arrayContaining([`GET /skills/${id}`, `GET /skills/${id}/versions/${version}`, "GET /models"]),
  );
});

test("a missing skill and a missing version make the check fail with their places", async () => {
  const { id, latest_version: newest } = world.api.skills.create({ name: "review" });
  const skills = [
    { type: "custom", skillId: id, version: "1" },
    { type: "custom", skillId: "skill_none" },
  ];
  const { failures } = await verified({ skills });
  expect(failures).toEqual([
    `skills[0].version: ${id} has no version 1; the newest is ${newest}`,
    expect.stringContaining("skills[1].skillId: no skill skill_none is visible to this token"),
  ]);
});

test("an unknown model is a warning with the nearest model, and a missing catalogue is a warning too", async () => {
  const { failures, warnings } = await verified({ model: "ultimat" });
  expect(failures).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining("model: the service shows no model ultimat to this account now; did you mean ultimate?"),
  ]);
  world.reset({ modelCatalogue: "away" });
  expect((await verified({ model: { id: "ultimate" } })).warnings).toEqual([
    expect.stringContaining("model.id: whether there is a model ultimate is not verified"),
  ]);
});
