import { AskingPreview } from "../../support/asking-preview";
import { World } from "../../support/world";

const world = World.ofTests();

describe("a check", () => {
  const command = (verify: boolean | undefined, isPreview = true) => ({ command: { isPreview, verify } });
  const provider = (verify: string) => ({
    config: { "qoder:account": "a", "qoder:pat": "pt-test", "qoder:verify": verify },
  });

  test.each([
    ["sends no request without qoder:verify", command(undefined), 0],
    ["sends no request if the setting of the stack is false", command(false), 0],
    ["sends no request in an `up`, because the preview before it has verified", command(true, false), 0],
    ["sends no request if the setting of the QoderProvider is false", { ...command(true), ...provider("false") }, 0],
    ["sends four requests if the setting of the stack is true", command(true), 4],
    ["sends four requests if the setting of the QoderProvider is true", { ...command(false), ...provider("true") }, 4],
  ])("%s", async (_, options, requests) => {
    const preview = new AskingPreview(world, options);
    expect(await preview.check(world.args())).toEqual([]);
    expect(preview.asked()).toHaveLength(requests);
  });

  test("sends no request for a resource with an invalid argument", async () => {
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ agent: "agent_none", environmentId: "x" }))).toEqual([
      expect.stringMatching(/^environmentId: is not the id/),
    ]);
    expect(preview.asked()).toEqual([]);
  });
});
