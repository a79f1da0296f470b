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

  const args = (refreshToken: string, secretVersion?: number): Properties =>
    world.args({
      ...limits,
      ...(secretVersion === undefined ? {} : { secretVersion }),
      auth: { ...oauth, refresh: { ...login, refreshToken } },
    });
  const path = () => world.path(world.live.id);
  const writes = () =>
    world.api.requests
      .filter((one) => one.method === "POST" && one.path === path())
      .map(({ body }) => JSON.stringify(body));
  const refused =
    /updated after the last update that the state knows.*nothing was sent\.\nRun `pulumi refresh` and then `pulumi up` again, or change secretVersion/s;

  /** A rotation that the service did: its answer was lost, or its process ended before the engine had the answer. */
  async function rotated(how: "lost" | "killed", after = args(newer)) {
    const stack = world.stack();
    await stack.up(args(older));
    const before = stack.state;
    world.sent();
    if (how === "lost") {
      world.api.fault({ kind: "reset-after", method: "POST", path: path(), times: Number.POSITIVE_INFINITY });
      await expect(stack.up(after)).rejects.toThrow("may have been done or not");
      expect(writes()).toHaveLength(1);
    } else {
      await stack.up(after);
      stack.state = before;
    }
    world.api.clearFaults();
    world.sent();
    return stack;
  }

  test("sends one GET, and the token two seconds after the last update, so that the times of the service distinguish them", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    const last = Date.parse(String(stack.state?.outputs["updatedAt"]));
    world.sent();
    await stack.up(args(newer));
    expect(world.api.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
    expect((world.api.requests[1]?.at.getTime() ?? 0) - last).toBeGreaterThanOrEqual(2_000);
  });

  test.each(["lost", "killed"] as const)("that was %s is refused until a refresh or secretVersion", async (how) => {
    const stack = await rotated(how);
    await expect(stack.up(args(newer))).rejects.toThrow(refused);
    await expect(stack.up(args(newer))).rejects.toThrow(refused);
    expect(world.sent()).toEqual(Array(2).fill(["GET", path()]));
    const other = world.later(stack);
    other.unfinished = true;
    await other.up(args(newer, 1));
    expect(writes()).toEqual([expect.stringContaining(newer)]);
    await other.findsNoDifference(args(newer, 1));
  });

  test("that was answered is not repeated for a label beside it that the service ignored", async () => {
    const stack = await rotated("lost");
    await expect(stack.up(args(newer))).rejects.toThrow(refused);
    await stack.refresh();
    const both = { ...args(newer), metadata: { team: "a" } };
    const rendition = (body: object) => ({ ...body, metadata: {} });
    for (const method of ["POST", "GET"]) {
      world.api.fault({ kind: "rendition", method, path: path(), rendition, skip: method === "GET" ? 1 : 0 });
    }
    await expect(stack.up(both)).rejects.toThrow("still shows the old value");
    world.sent();
    await stack.up(both);
    expect(world.sent()).toEqual([["POST", path(), { metadata: { team: "a" } }]]);
  });

  test("that was lost is refused, too, if secretVersion leaves the program", async () => {
    const stack = world.stack();
    await stack.up(args(older, 1));
    await world.unanswered(stack, args(newer, 1));
    await expect(stack.up(args(newer))).rejects.toThrow(refused);
  });

  test.each([
    ["lost", "lost", {}, false],
    ["killed", "killed", {}, false],
    ["lost, of which a refresh came before the error,", "lost", {}, true],
    ["lost beside a label", "lost", { metadata: { team: "a" } }, false],
  ] as const)("that was %s and refused is sent after a refresh", async (_, how, more, isRefreshed) => {
    const both = { ...args(newer), ...more };
    const stack = await rotated(how, both);
    await (isRefreshed ? stack.refresh() : undefined);
    await expect(stack.up(both)).rejects.toThrow(refused);
    expect(writes()).toEqual([]);
    await stack.refresh();
    world.sent();
    await stack.up(both);
    expect(writes()).toEqual([expect.stringContaining(newer)]);
    await stack.findsNoDifference(both);
  });

  test.each(["reset-before", "reset-after"] as const)("does not follow a lost update (%s)", async (kind) => {
    const stack = world.stack();
    await stack.up(args(older));
    const after = { ...args(older), auth: { ...Object(args(older)["auth"]), accessToken: newer } };
    await world.unanswered(stack, after, kind);
    await stack.up(after);
    expect(world.sent()).toEqual([["POST", path(), { auth: { type: "mcp_oauth", access_token: newer } }]]);
    expect(await stack.preview(after)).toBe("same");
  });

  test("that did not arrive is sent by the next `up`", async () => {
    const stack = world.stack();
    await stack.up(args(older));
    world.api.fault({ kind: "reset-before", method: "POST", path: path() });
    await expect(stack.up(args(newer))).rejects.toThrow("may have been done or not");
    world.sent();
    await stack.up(args(newer));
    expect(writes()).toEqual([expect.stringContaining(newer)]);
    expect(await stack.refresh()).toBe("same");
  });
});
