import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { pluginType } from "../../provider/kinds/table";
import { kinds } from "../kinds";
import { PluginCalls, urnOf } from "../support/plugin-calls";
import type { Properties } from "../support/provider";
import { propertiesOf, struct } from "../support/struct";
import { type KindWorld, World } from "../support/world";

/** The kinds of the plugin whose name a program may leave out. */
const namedBy: Readonly<Record<string, string>> = {
  QoderDeployment: "name",
  QoderAgent: "name",
  QoderEnvironment: "name",
  QoderVault: "displayName",
  QoderMemoryStore: "name",
};
const named = kinds.filter(({ label }) => label in namedBy);

describe.each(named)("a $label without a name in a stack with autonaming", (kind) => {
  const argument = namedBy[kind.label] ?? "name";
  const { [argument]: _, ...args } = kind.least;
  let world: KindWorld;
  let plugin: PluginCalls;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    world.reset();
    plugin = new PluginCalls({ "qoder:baseUrl": world.api.url }, world.clock);
  });

  const proposal = (name: string) =>
    new messages.CheckRequest.AutonamingOptions()
      .setProposedName(name)
      .setMode(messages.CheckRequest.AutonamingOptions.Mode.PROPOSE);

  async function checked(autonaming: string | undefined, given: Properties = args, olds: Properties = {}) {
    const request = new messages.CheckRequest().setUrn(urnOf(pluginType(kind.type), "daily"));
    request.setOlds(struct(olds)).setNews(struct(given));
    request.setAutonaming(autonaming === undefined ? undefined : proposal(autonaming));
    const answer = await plugin.answer<messages.CheckResponse>("check", request);
    expect(answer.getFailuresList()).toEqual([]);
    return answer.getInputs();
  }

  async function created(autonaming: string | undefined, given: Properties = args) {
    const inputs = await checked(autonaming, given);
    const request = new messages.CreateRequest().setUrn(urnOf(pluginType(kind.type), "daily")).setProperties(inputs);
    return plugin.answer<messages.CreateResponse>("create", request);
  }

  const warnings = () => plugin.told.filter((text) => text.includes("differs from this"));

  test("keeps its recorded name under another setting and without one, unless the program gives one", async () => {
    const olds = propertiesOf(await checked("daily-1f"));
    expect(olds[argument]).toBe("daily-1f");
    for (const setting of ["daily-2e", undefined]) {
      expect(propertiesOf(await checked(setting, args, olds))[argument]).toBe("daily-1f");
      expect(propertiesOf(await checked(setting, { ...args, [argument]: "mine" }, olds))[argument]).toBe("mine");
    }
  });

  test("keeps its drawn name, and its object, when the stack moves to the classes", async () => {
    const inputs = propertiesOf(await checked("daily-1f"));
    const answer = await created("daily-1f");
    const stack = world.stack();
    stack.state = { id: answer.getId(), inputs, outputs: propertiesOf(answer.getProperties()) };
    world.sent();
    const moved = { ...args, [argument]: "daily", __command: { isPreview: false, defaultName: argument } };
    expect(await stack.up(moved)).toBe("same");
    expect(world.sent()).toEqual([]);
    expect(stack.state?.inputs).toMatchObject({ [argument]: "daily-1f" });
  });

  test("is created with one warning for each live object that is equal but for the name, after one list", async () => {
    await created("daily-1f");
    const { id } = world.live;
    world.passTime(300_000);
    plugin = new PluginCalls({ "qoder:baseUrl": world.api.url }, world.clock);
    world.sent();
    await created("daily-2e");
    expect(world.sent()).toEqual([
      ["GET", kind.place],
      ["POST", kind.place, expect.anything()],
    ]);
    expect(warnings()).toEqual([
      expect.stringMatching(new RegExp(`${id}, .*, differs from this ${kind.noun} only in the name`)),
    ]);
    expect(warnings().join()).toContain("If an interrupted `pulumi up` created it, archive it");
    expect(world.console.live()).toHaveLength(2);
  });

  test("is created without a list if the program gives the name, or if no setting draws one", async () => {
    await created(undefined);
    await created("daily-2e", { ...args, [argument]: "mine" });
    expect(world.sent().flat()).not.toContain("GET");
    expect(warnings()).toEqual([]);
  });
});
