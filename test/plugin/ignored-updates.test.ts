import { agent } from "../kinds/agent";
import type { Change } from "../kinds/argument-row";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { textsOf, World } from "../support/world";

/** The old value may be the service's form of the new value: a hidden token, a resolved model, a hidden variable. */
const ambiguous = ["a token", "model to", "an environment variable"];

/** False for casConfig, which is read before an update, and for removals: both have tests of their own. */
function isProvable({ before, sent, what }: Change): boolean {
  const isRemoval = Object.values(sent).includes(null);
  return !isRemoval && !("casConfig" in before) && !ambiguous.some((one) => what.startsWith(one));
}

describe.each([deployment, agent, environment] as readonly KindRow[])("$label", (kind) => {
  const world = World.ofTests(kind);

  async function existing({ before, switches }: Change) {
    world.reset(switches);
    const stack = world.stack();
    await stack.up(world.args(before));
    world.sent();
    const path = world.path(world.live.id);
    return {
      stack,
      path,
      ignore: (times: number) => world.api.fault({ kind: "ignored-write", method: "POST", path, times }),
    };
  }

  test.each(kind.changes.filter(isProvable))("an ignored change of $what fails, and is sent again", async (row) => {
    const { stack, path, ignore } = await existing(row);
    const after = world.args(row.after);
    const before = stack.state?.outputs;
    const request = ["POST", path, world.bodyOf(row.sent)];
    ignore(1);
    const failed = await stack.up(after).then(() => [], textsOf);
    expect(failed.join("\n")).toContain(
      `the API answered the change of ${Object.keys(row.sent).join(", ")} with success but still shows the old value.\nRun \`pulumi up\` again`,
    );
    expect(world.sent()).toEqual([request, ["GET", path]]);
    for (const name of Object.keys({ ...row.before, ...row.after })) {
      expect(stack.state?.outputs[name]).toEqual(before?.[name]);
    }
    expect(await stack.preview(after)).toBe("update");
    await stack.refresh();
    expect(await stack.preview(after)).toBe("update");
    world.sent();
    await stack.up(after);
    // An environment also empties what the ignored update may have set.
    expect(world.sent()).toMatchObject([request]);
    await stack.findsNoDifference(after);
  });

  test.each(kind.changes.filter(isProvable))("a change of $what succeeds if a GET shows the value", async (row) => {
    const { stack, path } = await existing(row);
    const after = world.args(row.after);
    const old = world.console.get(world.live.id);
    world.api.fault({ kind: "another-object", method: "POST", path, another: () => old });
    const request = ["POST", path, world.bodyOf(row.sent)];
    await stack.up(after);
    expect(world.sent()).toEqual([request, ["GET", path]]);
    await stack.findsNoDifference(after);
  });
});

describe("a deployment", () => {
  const world = World.ofTests(deployment);

  const repository = (authorizationToken: string) =>
    world.args({
      resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken }],
    });

  test("is updated with one request if only a token changed, because no reply shows a token", async () => {
    const stack = world.stack();
    await stack.up(repository("ghp_1"));
    const path = world.path(world.live.id);
    world.sent();
    world.api.fault({ kind: "ignored-write", method: "POST", path });
    expect(await stack.up(repository("ghp_2"))).toBe("update");
    expect(world.sent()).toEqual([["POST", path, expect.anything()]]);
    expect(await stack.preview(repository("ghp_2"))).toBe("same");
  });

  test("records the changes that were done beside a change that the service ignored", async () => {
    const stack = world.stack();
    await stack.up(world.args({ description: "old" }));
    const path = world.path(world.live.id);
    const after = world.args({ description: "new", vaultIds: ["vault_a"] });
    world.sent();
    const rendition = (body: object) => ({ ...body, description: "old" });
    world.api.fault({ kind: "rendition", method: "POST", path, rendition });
    await expect(stack.up(after)).rejects.toThrow("the API answered the change of description with success");
    expect(stack.state?.outputs).toMatchObject({ description: "old", vaultIds: ["vault_a"] });
    world.sent();
    await stack.up(after);
    expect(world.sent()).toEqual([["POST", path, { description: "new" }]]);
  });

  test("is rid of a label that an update set and that no reply showed, once the label leaves the program", async () => {
    const stack = world.stack();
    await stack.up(world.args({ metadata: { tier: "1" } }));
    const path = world.path(world.live.id);
    const transform = (body: object) => ({ ...body, metadata: { tier: "1" } });
    for (const method of ["POST", "GET"]) {
      world.api.fault({ kind: "replace-body", method, path, transform });
    }
    await expect(stack.up(world.args({ metadata: { tier: "1", team: "a" } }))).rejects.toThrow(
      "the API answered the change of metadata with success but still shows the old value",
    );
    world.sent();
    await stack.up(world.args({ metadata: { tier: "1" } }));
    expect(world.sent()).toEqual([["POST", path, { metadata: { team: null } }]]);
    expect(world.live).toHaveProperty("metadata", { tier: "1" });
  });

  test("of the older generation makes `up` fail if the service ignores a change of casConfig", async () => {
    world.reset({ generation: 1 });
    const stack = world.stack();
    await stack.up(world.args({ casConfig: { maxRetries: 2, maxConcurrent: 3 } }));
    const path = world.path(world.live.id);
    for (const casConfig of [{ maxRetries: 4, maxConcurrent: 3 }, { maxConcurrent: 3 }, undefined]) {
      world.api.fault({ kind: "ignored-write", method: "POST", path });
      await expect(stack.up(world.args({ casConfig }))).rejects.toThrow(
        "the API answered the change of metadata with success but still shows the old value",
      );
      expect(stack.state?.outputs["casConfig"]).toEqual({ maxRetries: 2, maxConcurrent: 3 });
      expect(await stack.preview(world.args({ casConfig }))).toBe("update");
    }
  });
});
