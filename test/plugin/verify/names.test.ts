import { file } from "../../kinds/file";
import { AskingPreview, nameList } from "../../support/asking-preview";
import { betweenCommandsMs, type Properties, World } from "../../support/world";

const world = World.ofTests();

/** The id of a new deployment, made by an earlier command of another stack. */
async function existing(more: Properties = {}): Promise<string> {
  await world.stack().up(world.args(more));
  world.passTime(betweenCommandsMs);
  world.sent();
  return world.api.deployments.all().at(-1)?.id ?? "none";
}

describe("a new name", () => {
  const hourMs = 3_600_000;

  test("that another deployment has makes the check fail with the remedies", async () => {
    const id = await existing({ name: "taken" });
    world.passTime(2 * hourMs);
    const preview = new AskingPreview(world);
    const [failure, ...others] = await preview.check(world.args({ name: "taken" }));
    expect(failure).toMatch(`name: is taken by ${id}, created `);
    expect(failure).toMatch(/Choose another name, or set/);
    expect(failure).toMatch(`set adopt: "${id}"`);
    expect(failure).toMatch(/\. For `--replace`, set qoder:verify to false$/);
    expect(others).toEqual([]);
  });

  test("that a deployment got less than an hour ago is a warning, because an interrupted `up` may have created it", async () => {
    const id = await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken" }))).toEqual([]);
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(
        `^QoderDeployment "daily" \\("taken" at Qoder\\): name: is taken by ${id}, [\\s\\S]* If an interrupted \`up\` created it, the next one continues with it \\[verify\\]$`,
      ),
    ]);
  });

  const taken = expect.stringMatching(/^name: is taken by dep_\w+, created \d+ \w+ ago; choose another one$/);
  test.each([
    ["another deployment has too is allowed if the resource keeps its name", ["taken", "other"], "taken", []],
    ["another deployment has too is a failure if the resource is renamed", ["taken", "other"], "other", [taken]],
    ["somebody already gave to the deployment itself is free", ["taken"], "before", []],
  ])("that %s", async (_, names, name, failures) => {
    for (const one of names) await existing({ name: one });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken" }), { olds: world.args({ name }) })).toEqual(failures);
  });

  test("that another resource of the program had before its rename is free", async () => {
    await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    const olds = world.args({ name: "taken" });
    expect(await preview.check(world.args({ name: "renamed" }), { name: "older", olds })).toEqual([]);
    expect(await preview.check(world.args({ name: "taken" }))).toEqual([]);
    expect(await preview.warnings()).toEqual([]);
  });

  test("that an archived deployment has is free, even if the list shows that deployment", async () => {
    const archived = { id: "dep_1", name: "taken", archived_at: "2026-06-14T08:53:32Z" };
    const transform = () => ({ data: [archived], has_more: false });
    world.api.fault({ kind: "replace-body", path: "/deployments", transform, times: Number.POSITIVE_INFINITY });
    expect(await new AskingPreview(world).check(world.args({ name: "taken" }))).toEqual([]);
  });

  test("is not looked up in an adoption", async () => {
    const adopt = await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken", adopt }))).toEqual([]);
    expect(preview.asked()).not.toContain(nameList);
  });

  test("that another agent has is a warning, because the service may allow both", async () => {
    const { id } = world.api.agents.create({ name: "reporter" });
    const preview = new AskingPreview(world);
    expect(await preview.check({ model: "ultimate", name: "reporter" }, { kind: "agent", name: "reporter" })).toEqual(
      [],
    );
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(
        `^QoderAgent "reporter": name: ${id}, created .*, has it too; the service may refuse a second one; if this resource moved, add aliases \\[verify\\]$`,
      ),
    ]);
  });

  test("that another file has is a warning that fears no refusal, because many files may have one name", async () => {
    const { id } = await world.existing(file, file.least);
    world.passTime(betweenCommandsMs);
    const preview = new AskingPreview(world);
    expect(await preview.check(file.least, { kind: "file" })).toEqual([]);
    expect(await preview.warnings()).toEqual([
      expect.stringMatching(
        `^QoderFile "daily": name: ${id}, created .*, has it too; if this resource moved, add aliases \\[verify\\]$`,
      ),
    ]);
  });
});
