import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import type { KindRow } from "../kinds/kind-row";
import { skill, skillOf } from "../kinds/skill";
import { skillMd } from "../support/skill-folder";
import { doors, useDoor, World } from "../support/world";

// "Errors": a GET may show a write late.

const world = World.ofTests();
const kinds: readonly KindRow[] = [agent, deployment];

describe.each(doors.flatMap((door) => kinds.map((kind) => ({ door, kind, label: kind.label }))))(
  "$label, door $door:",
  ({ door, kind }) => {
    beforeEach(() => useDoor(door));

    /** An object that was changed twice, and a service whose next replies to a method are those of the time before. */
    async function late(method: "GET" | "POST", times: number) {
      world.reset();
      const stack = world.stackOf(kind);
      const args = (description: string) => ({ ...kind.least, description });
      await stack.up(args("first"));
      const id = stack.state?.id ?? "";
      const old = (kind === agent ? world.api.agents : world.api.deployments).get(id);
      world.passTime(5_000);
      await stack.up(args("second"));
      const path = `${kind.place}/${id}`;
      world.api.fault({ kind: "another-object", method, path, another: () => old, times });
      world.sent();
      return { stack, args, path };
    }

    test.each([
      [1, "is asked for again"],
      [2, "leaves the state as it is"],
    ])("a refresh whose reply is older than the state %s times %s", async (times) => {
      const { stack, args, path } = await late("GET", times);
      const before = stack.state?.outputs;
      expect(await stack.refresh()).toBe("same");
      expect(world.sent()).toEqual([
        ["GET", path],
        ["GET", path],
      ]);
      expect(stack.state?.outputs).toEqual(before);
      expect(await stack.preview(args("second"))).toBe("same");
    });

    test("an update whose reply is older than the state asks for another", async () => {
      const { stack, args, path } = await late("POST", 1);
      await stack.up(args("third"));
      expect(world.sent().map(String)).toEqual([`POST,${path},[object Object]`, `GET,${path}`]);
      await stack.findsNoDifference(args("third"));
    });
  },
);

test("a refresh of a skill whose reply shows an older version asks again, and believes the second reply", async () => {
  const stack = world.stackOf(skill);
  await stack.up(skillOf());
  const id = stack.state?.id ?? "";
  const old = world.api.skills.get(id);
  const after = skillOf({ "SKILL.md": skillMd("daily"), "notes.md": "new" });
  await stack.up(after);
  const path = `/skills/${id}`;
  world.api.fault({ kind: "another-object", method: "GET", path, another: () => old });
  expect(await stack.refresh()).toBe("same");
  world.api.skills.removeVersion(id, String(stack.state?.outputs["latestVersion"]));
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.outputs).toMatchObject({ latestVersion: old.latest_version });
});
