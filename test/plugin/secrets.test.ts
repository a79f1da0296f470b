import * as pulumi from "@pulumi/pulumi";
import { withSecretMembers } from "../../provider/program/inputs";
import { kindsWithSecret } from "../kinds";
import { deployment } from "../kinds/deployment";
import { vaultCredential } from "../kinds/vault-credential";
import { timeLimits } from "../support/time-limits";
import { doors, type Properties, textsOf, World } from "../support/world";

const secret = "correct-horse-battery";
const [older, newer] = ["staple-number-one", "staple-number-two"];
const limits = timeLimits(10);
const oauth = { type: "mcp_oauth", mcpServerUrl: "https://mcp.example.com", accessToken: "access" };
const tokenEndpoint = "https://login.example.com/token";
const login = { clientId: "client", tokenEndpoint, tokenEndpointAuth: { type: "none" } };
const signIn = { kind: "status", status: 200, body: "<html>Sign in</html>" } as const;

// `faults.test.ts` tests the secrets in error messages.
describe.each(kindsWithSecret.flatMap((kind) => doors.map((door) => ({ label: kind.label, door, kind }))))(
  "$label through the door $door",
  ({ kind, door }) => {
    const world = World.ofTests(kind, door);

    const args = (text: string): Properties => world.args({ ...limits, ...kind.secret(text) });

    test("a program marks the secret members of an argument, and no others", async () => {
      for (const [name, value] of Object.entries(kind.secret(secret))) {
        const members = kind.fields[name]?.secretMembers ?? [];
        const marked: pulumi.Output<unknown>[] = [];
        const shown = withoutOutputs(withSecretMembers(value, members), marked);
        expect(JSON.stringify(shown)).toBe(JSON.stringify(value).replaceAll(secret, "[marked]"));
        expect(await Promise.all(marked.map(pulumi.isSecret))).toEqual([true]);
      }
    });

    test("the reason in the state of a create that failed in part does not have the secret", async () => {
      const id = await madeElsewhere();
      const body = { error: { type: "invalid_request_error", message: `what is ${secret}?` } };
      world.api.fault({ kind: "status", status: 400, method: "POST", path: world.path(id), body });
      const stack = world.stack();
      const texts = await stack.up({ ...args(secret), adopt: id }).then(() => [], textsOf);
      expect(stack.unfinished).toBe(true);
      expect(texts).toEqual([
        expect.stringContaining("create was done in part"),
        expect.stringContaining(`${kind.label} "daily" (${id}): create was done in part`),
      ]);
      expect(world.output.join()).toContain("what is [secret]?");
      expect([...texts, ...world.output].join()).not.toContain(secret);
    });

    test("an error of an update has neither the old nor the new secret", async () => {
      const stack = world.stack();
      await stack.up(args(older));
      const body = { error: { type: "invalid_request_error", message: `${older} is not ${newer}` } };
      world.api.fault({ kind: "status", status: 400, method: "POST", path: world.path(world.live.id), body });
      await expect(stack.up(args(newer))).rejects.toThrow("[secret] is not [secret]");
    });

    async function madeElsewhere(): Promise<string> {
      await world.stack().up(world.args());
      return world.live.id;
    }

    test.each([
      ...["up", "refresh and up"].map((by) => ["is lost on its way", by, { kind: "reset-before" }] as const),
      ...["up", "refresh and up"].map((by) => ["is answered with a sign-in page", by, signIn] as const),
    ])("after an update of the secret that %s, %s sends the secret again", async (_, commands, fault) => {
      const stack = world.stack();
      await stack.up(args(older));
      const { id } = world.live;
      world.api.fault({ ...fault, method: "POST", times: Number.POSITIVE_INFINITY });
      await expect(stack.up(args(newer))).rejects.toThrow(
        "may have been done or not, the next `pulumi up` sends it again",
      );
      world.api.clearFaults();
      if (commands === "refresh and up") {
        await stack.refresh();
      }
      world.sent();
      expect(await stack.up(args(newer))).toBe("update");
      const writes = world.api.requests.filter(({ method }) => method === "POST");
      expect(writes.map(({ path }) => path)).toEqual([world.path(id)]);
      expect(JSON.stringify(writes[0]?.body)).toContain(newer);
      await stack.findsNoDifference(args(newer));
    });

    const updates = () =>
      world.api.requests.filter(({ method, path }) => method === "POST" && path === world.path(world.live.id));
    test("an update of the secret that the service did and whose answer was lost is sent again under the same time limit", async () => {
      const stack = world.stack();
      await stack.up(args(older));
      world.sent();
      world.api.fault({ kind: "reset-after", method: "POST", path: world.path(world.live.id) });
      await stack.up(args(newer));
      expect(updates().map(({ body }) => JSON.stringify(body).includes(newer))).toEqual([true, true]);
      await stack.findsNoDifference(args(newer));
    });
  },
);

function withoutOutputs(value: unknown, found: pulumi.Output<unknown>[]): unknown {
  if (pulumi.Output.isInstance(value)) {
    found.push(value);
    return "[marked]";
  }
  if (Array.isArray(value)) {
    return value.map((element) => withoutOutputs(element, found));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withoutOutputs(member, found)]))
    : value;
}

describe.each(doors)("door %s:", (door) => {
  const world = World.ofTests(deployment, door);

  test("an error of a create and of an update hides every text of an argument of a deployment that the program marks as a secret, also one that the update replaces", async () => {
    const marked = (text: string) =>
      world.args({
        environmentVariables: { KEY: text, LEVEL: "shown-level" },
        description: "shown-description",
        __command: { isPreview: false, secretPlaces: [["environmentVariables"]] },
      });
    const stack = world.stack();
    const error = { type: "invalid_request_error", message: `no ${older} ${newer} in shown-description` };
    const fault = { kind: "status", status: 400, method: "POST", body: { type: "error", error } } as const;
    world.api.fault(fault);
    await expect(stack.up(marked(older))).rejects.toThrow(`no [secret] ${newer} in shown-description`);
    await stack.up(marked(older));
    world.api.fault(fault);
    await expect(stack.up(marked(newer))).rejects.toThrow("no [secret] [secret] in shown-description");
    expect(stack.state?.outputs["__secrets"]).toEqual(["environmentVariables"]);
  });
});

describe.each(doors)("a rotation of a refresh token, which works once, through the door %s", (door) => {
  const world = World.ofTests(vaultCredential, door);

  const args = (refreshToken: string, more: Properties = {}, accessToken = "access"): Properties =>
    world.args({ ...limits, ...more, auth: { ...oauth, accessToken, refresh: { ...login, refreshToken } } });
  const path = () => world.path(world.live.id);
  const update = (auth: object, more: object = {}) => [
    "POST",
    path(),
    { auth: { type: "mcp_oauth", ...auth }, ...more },
  ];
  const rotation = (token: string) => update({ refresh: { refresh_token: token } });
  const notAgain =
    "auth.refresh.refreshToken works once, so `pulumi up` sends it again only with another secretVersion";

  /** A stack whose rotation the service did, or did not: its answer was lost. */
  async function lost(after: Properties, fault: "reset-after" | "reset-before" = "reset-after", before = args(older)) {
    const stack = world.stack();
    await stack.up(before);
    await world.unanswered(stack, after, fault);
    return stack;
  }

  test("is one request", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    world.sent();
    await stack.up(args(newer));
    expect(world.sent()).toEqual([rotation(newer)]);
    expect(world.clock.slept).toEqual([]);
  });

  test.each(["up", "refresh and up"])(
    "that was lost is not sent by %s, which sends the rest again and says so; another secretVersion sends it",
    async (commands) => {
      const after = args(newer, { metadata: { team: "a" } }, newer);
      const stack = await lost(after);
      if (commands === "refresh and up") {
        await stack.refresh();
      }
      world.sent();
      world.output.length = 0;
      expect(await stack.preview(after)).toBe("update");
      expect(world.output).toEqual([
        expect.stringContaining("sends auth, metadata again: the outcome of the last update is unknown"),
        expect.stringContaining(notAgain),
      ]);
      await stack.up(after);
      expect(world.sent()).toEqual([update({ access_token: newer }, { metadata: { team: "a" } })]);
      await stack.findsNoDifference(after);
      world.sent();
      await stack.up({ ...after, secretVersion: 1 });
      expect(world.sent()).toEqual([update({ access_token: newer, refresh: { refresh_token: newer } })]);
    },
  );

  test("that was lost alone sends nothing, and the error of the lost update names it", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    world.api.fault({ kind: "reset-after", method: "POST", path: path(), times: Number.POSITIVE_INFINITY });
    await expect(stack.up(args(newer))).rejects.toThrow(notAgain);
    world.api.clearFaults();
    world.sent();
    await stack.up(args(newer));
    expect(world.sent()).toEqual([]);
    await stack.findsNoDifference(args(newer));
  });

  test.each([
    ["another token", args("staple-number-three")],
    ["the old token", args(older)],
    ["another secretVersion", args(newer, { secretVersion: 2 })],
  ])("that was lost is followed by %s of the program in the next `up`", async (_, after) => {
    const stack = await lost(args(newer, { secretVersion: 1 }), "reset-before");
    await stack.up(after);
    const { refreshToken } = Object(after["auth"]).refresh;
    expect(world.sent()).toEqual([update({ access_token: "access", refresh: { refresh_token: refreshToken } })]);
    await stack.findsNoDifference(after);
  });

  test("that was lost is not sent if secretVersion leaves the program", async () => {
    const stack = await lost(args(newer, { secretVersion: 1 }), "reset-after", args(older, { secretVersion: 1 }));
    await stack.up(args(newer));
    expect(world.sent()).toEqual([]);
  });

  test("that was killed is sent again, because nobody knows of it", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    const before = stack.state;
    await stack.up(args(newer));
    stack.state = before;
    world.sent();
    await stack.up(args(newer));
    expect(world.sent()).toEqual([rotation(newer)]);
  });

  test("that was answered is not repeated for a label beside it that the service ignored", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    const both = args(newer, { metadata: { team: "a" } });
    const rendition = (body: object) => ({ ...body, metadata: {} });
    world.api.fault({ kind: "rendition", method: "POST", path: path(), rendition });
    await expect(stack.up(both)).rejects.toThrow("still shows the old value");
    world.sent();
    await stack.up(both);
    expect(world.sent()).toEqual([["POST", path(), { metadata: { team: "a" } }]]);
  });

  test.each(["reset-before", "reset-after"] as const)("does not follow a lost update (%s)", async (fault) => {
    const after = args(older, {}, newer);
    const stack = await lost(after, fault);
    await stack.up(after);
    expect(world.sent()).toEqual([update({ access_token: newer })]);
    expect(await stack.preview(after)).toBe("same");
  });
});
