import { createdKinds, kindsWithSecret } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import { type Door, doors, originOf, type Properties, SimulatedStack, useDoor, World } from "../support/world";

// A difference is as secret as the more secret of its two sides.

const [older, newer] = ["user: reader\npass: blue-horse-1", "user: reader\npass: red-horse-2"];
const token = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";
const leaked = /horse|abcdefghij/;

const throughBothDoors = (kinds: readonly KindRow[]) =>
  kinds.flatMap((kind) => doors.map((door) => ({ label: kind.label, kind, door })));

/** A text that the program may mark as a secret, with its argument. */
function textOf({ fields }: KindRow, text: string): Properties | undefined {
  return "description" in fields
    ? { description: text }
    : "metadata" in fields
      ? { metadata: { note: text } }
      : undefined;
}
const kindsWithText = createdKinds.filter((row) => row.kind.upload === undefined && textOf(row, "") !== undefined);
const placeOf = (kind: KindRow) => ("description" in kind.fields ? ["description"] : ["metadata", "note"]);

const world = World.ofTests(vaultCredential);

/** A stack without objects whose previews show requests, and `asks` about their declarations. */
function begun(kind: KindRow, door: Door, asks = false) {
  useDoor(door);
  world.reset({}, kind);
  const config = { "qoder:showRequests": "true", "qoder:verify": String(asks) };
  const stack = new SimulatedStack(
    () => world.command({ kind, config }),
    originOf(kind.type),
    "name" in kind.fields,
    true,
  );
  const declared = (more: Properties | undefined, isMarked: boolean, isPreview = false) => {
    const secretPlaces = isMarked ? [placeOf(kind)] : [];
    return { ...world.args(more), __command: { isPreview, showRequests: true, verify: asks, secretPlaces } };
  };
  return { stack, declared };
}

describe.each(throughBothDoors(kindsWithSecret))("$label through the door $door", ({ kind, door }) => {
  test("a preview prints no line of a secret member that has lines of keys and values", async () => {
    const { stack, declared } = begun(kind, door, true);
    await stack.up(declared(Object(kind).secret(older), false));
    world.output.length = 0;
    expect(await stack.preview(declared(Object(kind).secret(newer), false, true))).not.toBe("same");
    expect(world.output.join("\n")).toContain('"[secret]"');
    expect(world.output.join("\n")).not.toMatch(leaked);
  });
});

describe.each(throughBothDoors(kindsWithText))("$label through the door $door", ({ kind, door }) => {
  const difference = async (
    [before, isMarkedBefore]: readonly [string, boolean],
    [after, isMarkedAfter]: readonly [string, boolean],
  ) => {
    const { stack, declared } = begun(kind, door, true);
    await stack.up(declared(textOf(kind, before), isMarkedBefore));
    world.output.length = 0;
    expect(await stack.preview(declared(textOf(kind, after), isMarkedAfter, true))).not.toBe("same");
    return world.output.join("\n");
  };

  test("a preview prints the changed lines of a text that no side marks", async () => {
    expect(await difference([older, false], [newer, false])).toContain(
      "[changed-lines]\n  - pass: blue-horse-1\n  + pass: red-horse-2",
    );
  });

  test.each([
    ["was a secret and no longer is one", [older, true], [newer, false]],
    ["is a secret now", [older, false], [newer, true]],
    ["was a secret and is one", [older, true], [newer, true]],
    ["looked like a secret", [`${older}\nkey: ${token}`, false], [newer, false]],
    ["looks like a secret now", [older, false], [`${newer}\nkey: ${token}`, false]],
  ] as const)("a preview prints no line and no request with a text that %s", async (_, before, after) => {
    const printed = await difference(before, after);
    expect(printed).toContain('"[secret]"');
    expect(printed).not.toMatch(leaked);
  });

  test("a mark of an unchanged text changes the state alone, and ends the advice in the state", async () => {
    const { stack, declared } = begun(kind, door);
    const text = textOf(kind, `Use ${token}.`);
    await stack.up(declared(text, false));
    world.output.length = 0;
    await stack.preview(declared(text, false, true));
    expect(world.output.join("\n")).toContain("contains what looks like a GitHub token");
    world.output.length = 0;
    // The simulated engine of the plugin marks whole arguments.
    const place = placeOf(kind)
      .slice(0, door === "plugin" ? 1 : 2)
      .join(".");
    world.api.clearRequests();
    expect(await stack.preview(declared(text, true, true))).toBe("update");
    expect(await stack.up(declared(text, true))).toBe("update");
    expect(world.api.requests).toEqual([]);
    expect(world.output.filter((line) => line.includes("plain-secret"))).toEqual([
      expect.stringContaining(
        `: ${place}: the state keeps the plain text of this secret; \`pulumi up\` encrypts it there and sends no request [plain-secret]`,
      ),
    ]);
    expect(stack.state?.outputs).toMatchObject({ ...text, __secrets: [place] });
    world.output.length = 0;
    expect(await stack.preview(declared(text, true, true))).toBe("same");
    expect(world.output).toEqual([]);
  });
});

test.each(doors)("door %s: a `secretVersion` that leaves the program asks for nothing again", async (door) => {
  const { stack, declared } = begun(vaultCredential, door);
  const auth = Object(vaultCredential).secret(older);
  const sends = async (more: Properties) => {
    world.api.clearRequests();
    await stack.up(declared({ ...auth, ...more }, false));
    return world.api.requests.flatMap(({ method, body }) => (method === "POST" ? [JSON.stringify(body)] : []));
  };
  expect(await sends({ secretVersion: 1 })).toHaveLength(1);
  expect(await sends({})).toEqual([]);
  expect(await sends({ secretVersion: 2 })).toEqual([expect.stringContaining("blue-horse-1")]);
});
