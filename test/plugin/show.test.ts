import { kinds, kindsWithRows, kindsWithSecret } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { vaultCredential } from "../kinds/vault-credential";
import { expectShown, sentBy, shownBy } from "../support/shown-requests";
import { World } from "../support/world";

const secret = "correct-horse-battery";

describe.each(kindsWithRows)("$label", (kind) => {
  const world = World.ofTests(kind);

  const cases = Object.entries(kind.arguments).flatMap(([name, { under = [{}], ...row }]) =>
    under.map((switches) => ({ name, switches, row, where: JSON.stringify(switches) })),
  );

  test.each(cases)("a preview shows the requests with $name of the `up` $where", async ({ name, switches, row }) => {
    world.reset(switches);
    const stack = world.stack();
    const args = (value: unknown) => world.args({ ...row.needs, [name]: value });
    expect(await expectShown(world, stack, args(row.value))).toEqual([expect.stringMatching(/^POST \/[\w/]+ \{/)]);
    await expectShown(world, stack, args(row.edited));
    await expectShown(world, stack, args(row.value));
    if (!(name in kind.least) && name !== "name") {
      await expectShown(world, stack, world.args(row.needs));
      await expectShown(world, stack, args(row.value));
    }
    expect(await expectShown(world, stack, args(row.value))).toEqual([]);
  });

  test("several changes are shown as one request, with the members in the order of the rows", async () => {
    world.reset(cases[0]?.switches);
    const shared = cases.filter(({ where }) => where === cases[0]?.where);
    const all = (member: "value" | "edited") =>
      Object.assign({}, ...shared.map(({ name, row }) => ({ ...row.needs, [name]: row[member] })));
    const stack = world.stack();
    await expectShown(world, stack, world.args(all("value")));
    const lines = await expectShown(world, stack, world.args(all("edited")));
    expect(lines.filter((line) => line.startsWith("POST "))).toHaveLength(1);
  });

  for (const secretArgument of textsToHide(kind)) {
    test(`a shown request masks ${secretArgument} if the program marks it as a secret`, async () => {
      world.reset();
      const stack = world.stack();
      const args = world.args({ [secretArgument]: secret });
      const hides = [secretArgument];
      const masked = `"${secretArgument}":"[secret]"`;
      expect(await shownBy(world, stack, args, hides)).toEqual([expect.stringContaining(masked)]);
      await sentBy(world, stack, args);
      const changed = { ...args, [secretArgument]: `other ${secret}`, name: "nightly" };
      const [line, ...others] = await shownBy(world, stack, changed, hides);
      expect(line).toMatch(`{"name":"nightly",${masked}`);
      expect(others).toEqual([]);
      expect(world.output.join("\n")).not.toContain(secret);
      // A removal sends no secret, so it is not masked.
      await sentBy(world, stack, changed);
      const [removal] = await shownBy(world, stack, world.args({ name: "nightly" }), hides);
      expect(removal).toMatch(`{"${secretArgument}":""`);
    });
  }
});

/** A text argument that a program may mark as a secret: a credential has no such argument. */
function textsToHide({ fields }: KindRow): string[] {
  return ["description", "colour"].filter((name) => name in fields).slice(0, 1);
}

describe.each(kindsWithSecret)("$label", (kind) => {
  const world = World.ofTests(kind);

  test("a shown request masks the secret members of an argument", async () => {
    const stack = world.stack();
    for (const one of [secret, `other ${secret}`]) {
      const shown = await expectShown(world, stack, world.args(kind.secret(one)));
      expect(shown.join()).toContain('"[secret]"');
      expect(world.output.join()).not.toContain(secret);
    }
  });
});

test("a shown request masks a secret of an inner member, however short it is", async () => {
  const world = await World.start(vaultCredential);
  const refresh = (secret: string) => ({
    clientId: "client",
    refreshToken: secret,
    tokenEndpoint: "https://login.example.com/token",
    tokenEndpointAuth: { type: "client_secret_basic", clientSecret: secret },
  });
  const auth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "access-one" };
  const stack = world.stack();
  for (const secret of ["q7", "z3"]) {
    const shown = await expectShown(world, stack, world.args({ auth: { ...auth, refresh: refresh(secret) } }));
    expect(shown.join()).toContain('"refresh_token":"[secret]"');
    expect(shown.join()).toContain('"client_secret":"[secret]"');
  }
  await world.stop();
});

describe.each(kinds.filter(({ isStarted }) => isStarted))("$label", (kind) => {
  const world = World.ofTests(kind);

  test("a preview shows the requests that start a run, and the same requests for a replacement", async () => {
    world.reset();
    const stack = world.stack();
    const start = await expectShown(world, stack, world.args());
    expect(start).toHaveLength(3);
    expect(await expectShown(world, stack, world.args())).toEqual([]);
    expect(await expectShown(world, stack, world.args({ triggers: ["other"] }))).toEqual(start);
  });
});
