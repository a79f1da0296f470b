import * as pulumi from "@pulumi/pulumi";
import { withSecretMembers } from "../../provider/program/inputs";
import { kindsWithSecret } from "../kinds";
import { deployment } from "../kinds/deployment";
import type { JsonObject } from "../qoder-api/wire";
import { doors } from "../support/door";
import { type Properties, textsOf } from "../support/provider";
import { timeLimits } from "../support/time-limits";
import { type KindWorld, World } from "../support/world";

const secret = "correct-horse-battery";
const [older, newer] = ["staple-number-one", "staple-number-two"];
const limits = timeLimits(10);

// `faults.test.ts` tests the secrets in error messages.
describe.each(kindsWithSecret.flatMap((kind) => doors.map((door) => ({ label: kind.label, door, kind }))))(
  "$label through the door $door",
  ({ kind, door }) => {
    let world: KindWorld;
    beforeAll(async () => {
      world = await World.start(kind, door);
    });
    afterAll(() => world.stop());
    beforeEach(() => world.reset());

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
      ["is lost on its way", "up", { kind: "reset-before" }],
      ["is lost on its way", "refresh and up", { kind: "reset-before" }],
      ["is answered with a sign-in page", "up", { kind: "status", status: 200, body: "<html>Sign in</html>" }],
      [
        "is answered with a sign-in page",
        "refresh and up",
        { kind: "status", status: 200, body: "<html>Sign in</html>" },
      ],
    ] as const)("after an update of the secret that %s, %s sends the secret again", async (_, commands, fault) => {
      const stack = world.stack();
      await stack.up(args(older));
      const { id } = world.live;
      world.api.fault({ ...fault, method: "POST", times: Number.POSITIVE_INFINITY });
      await expect(stack.up(args(newer))).rejects.toThrow(
        "may have been done or not, the next `pulumi up` checks first",
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
      expect(await stack.preview(args(newer))).toBe("same");
      expect(await stack.refresh()).toBe("same");
    });

    const updates = () =>
      world.api.requests.filter(({ method, path }) => method === "POST" && path === world.path(world.live.id));
    const counts = /was updated since then, so the secrets of \w+ may have arrived and are not sent again/;

    test("an update of the secret that the service did is not sent again after a lost answer, and a warning says so", async () => {
      const stack = world.stack();
      await stack.up(args(older));
      world.sent();
      world.api.fault({ kind: "reset-after", method: "POST", path: world.path(world.live.id) });
      await stack.up(args(newer));
      expect(updates()).toHaveLength(1);
      expect(world.output).toEqual([expect.stringMatching(counts)]);
      expect(await stack.preview(args(newer))).toBe("same");
      expect(await stack.refresh()).toBe("same");
    });

    test("an update of the secret is sent two seconds after the last update, so that the times of the service distinguish them", async () => {
      const stack = world.stack();
      await stack.up(args(older));
      const last = Date.parse(String(stack.state?.outputs["updatedAt"]));
      world.sent();
      await stack.up(args(newer));
      expect(updates().map(({ at }) => at.getTime() - last >= 2_000)).toEqual([true]);
    });

    test("an update of the secret that did not reach the service is sent again, after reads have shown no update for a minute", async () => {
      const given = (text: string): Properties => world.args(kind.secret(text));
      const stack = world.stack();
      await stack.up(given(older));
      world.sent();
      world.api.fault({ kind: "reset-before", method: "POST", path: world.path(world.live.id) });
      await stack.up(given(newer));
      const look = ["GET", world.path(world.live.id)];
      const update = ["POST", world.path(world.live.id), expect.anything()];
      expect(world.sent()).toEqual([update, look, look, look, look, look, look, update]);
      expect(world.output).toEqual([]);
      expect(await stack.preview(given(newer))).toBe("same");
    });

    test.each(["up", "refresh and up"])(
      "after an update of the secret that the service did and no request could show, %s does not send the secret again",
      async (commands) => {
        const stack = world.stack();
        await stack.up(args(older));
        const path = world.path(world.live.id);
        world.api.fault({ kind: "reset-after", method: "POST", path });
        world.api.fault({ kind: "status", status: 503, method: "GET", path, times: Number.POSITIVE_INFINITY });
        await expect(stack.up(args(newer))).rejects.toThrow("may have been done or not");
        world.api.clearFaults();
        if (commands === "refresh and up") {
          await stack.refresh();
        }
        world.sent();
        await stack.up(args(newer));
        expect(updates()).toEqual([]);
        expect(await stack.preview(args(newer))).toBe("same");
        // Another secret is a new intention.
        await stack.up(args(older));
        expect(updates()).toHaveLength(1);
        expect(JSON.stringify(updates()[0]?.body)).toContain(older);
      },
    );

    test("an update of the secret that the service may have done is not sent again where no reply shows a time, and the warning says so", async () => {
      const hide = () =>
        world.api.fault({ kind: "replace-body", transform: withoutTime, times: Number.POSITIVE_INFINITY });
      hide();
      const stack = world.stack();
      await stack.up(args(older));
      world.api.clearFaults();
      world.sent();
      world.api.fault({ kind: "reset-before", method: "POST", path: world.path(world.live.id) });
      hide();
      await expect(stack.up(args(newer))).rejects.toThrow("may have been done or not");
      world.output.length = 0;
      await stack.up(args(newer));
      expect(updates()).toHaveLength(1);
      expect(world.output).toEqual([
        expect.stringMatching(
          /the service does not show whether \S+ was updated since then, so the secrets of \w+ may have arrived and are not sent again. If it was not, change \w+/,
        ),
      ]);
    });

    test("a changed secret is sent in one request without the old secret", async () => {
      const stack = world.stack();
      await stack.up(args(older));
      world.sent();
      expect(await stack.up(args(newer))).toBe("update");
      const [sent, ...others] = world.api.requests;
      expect(others).toEqual([]);
      expect(JSON.stringify(sent?.body)).toContain(newer);
      expect(JSON.stringify(sent?.body)).not.toContain(older);
    });
  },
);

function withoutTime({ updated_at: _, ...reply }: JsonObject): JsonObject {
  return reply;
}

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

test("an error of a create and of an update hides every text of an argument of a deployment that the program marks as a secret, also one that the update replaces", async () => {
  const world = await World.start(deployment);
  try {
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
  } finally {
    await world.stop();
  }
});

test("after a lost update of an argument that has secret members and holds no secret, no warning asks for another secret", async () => {
  const world = await World.start(deployment);
  try {
    const args = (description: string) =>
      world.args({ ...limits, description, resources: [{ type: "file", fileId: "file_1" }] });
    const stack = world.stack();
    await stack.up(args("older"));
    world.api.fault({ kind: "reset-after", path: world.path(world.live.id), times: Number.POSITIVE_INFINITY });
    await expect(stack.up(args("newer"))).rejects.toThrow("may have been done or not");
    world.api.clearFaults();
    world.api.clearRequests();
    world.output.length = 0;
    expect(await stack.up(args("newer"))).toBe("update");
    expect(world.api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(world.output).toEqual([]);
  } finally {
    await world.stop();
  }
});
