import { AskingPreview } from "../../support/asking-preview";
import { World } from "../../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe("who is asked", () => {
  const command = (verify: boolean | undefined, isPreview = true) => ({ command: { isPreview, verify } });
  const provider = (verify: string) => ({
    config: { "qoder:account": "a", "qoder:pat": "pt-test", "qoder:verify": verify },
  });

  test.each([
    ["nobody without the setting", command(undefined), 0],
    ["nobody where the stack says no", command(false), 0],
    ["nobody in an up, which follows a preview", command(true, false), 0],
    ["nobody where the QoderProvider says no", { ...command(true), ...provider("false") }, 0],
    ["the service where the stack says so", command(true), 4],
    ["the service where the QoderProvider says so", { ...command(false), ...provider("true") }, 4],
  ])("is %s", async (_, options, requests) => {
    const preview = new AskingPreview(world, options);
    expect(await preview.check(world.args())).toEqual([]);
    expect(preview.asked()).toHaveLength(requests);
  });

  test("is nobody about arguments that are wrong by themselves", async () => {
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ agent: "agent_none", environmentId: "x" }))).toEqual([
      expect.stringMatching(/^environmentId: is not the id/),
    ]);
    expect(preview.asked()).toEqual([]);
  });
});
