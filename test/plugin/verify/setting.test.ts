import { AskingPreview, tokenProbe } from "../../support/asking-preview";
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

describe("the token", () => {
  test("that is missing makes the check of the first resource fail, and no other check", async () => {
    const preview = new AskingPreview(world, { environment: {} });
    expect(await preview.check(world.args())).toEqual([
      expect.stringMatching(/^no Qoder access token\.\nRun `pulumi config set/),
    ]);
    for (const name of ["two", "three"]) {
      expect(await preview.check(world.args(), { name })).toEqual([]);
    }
    expect(await preview.warnings()).toEqual([]);
    expect(preview.asked()).toEqual([]);
  });

  test.each(["envelope", "gateway"] as const)(
    "that is refused makes the check of the first resource fail, after one request (%s)",
    async (unauthorized) => {
      world.api.switches.unauthorized = unauthorized;
      const preview = new AskingPreview(world, { environment: { QODER_PAT: "pt-old" } });
      const [failure, ...others] = await preview.check(world.args());
      expect(failure).toMatch(
        /^the service does not take the Qoder access token: GET \/deployments was answered with 401/,
      );
      expect(failure).toMatch("Token from QODER_PAT.\nSet a valid token: ");
      expect(others).toEqual([]);
      for (const name of ["two", "three"]) {
        expect(await preview.check(world.args(), { name })).toEqual([]);
      }
      expect(preview.asked()).toEqual([tokenProbe]);
      expect([failure, ...(await preview.warnings())].join()).not.toContain("pt-old");
    },
  );

  test("is tested with one request even if the program names no object", async () => {
    const preview = new AskingPreview(world);
    const args = { config: { type: "cloud", networking: { type: "unrestricted" } } };
    expect(await preview.check(args, { kind: "environment", olds: { ...args, name: "daily" } })).toEqual([]);
    expect(preview.asked()).toEqual(["GET /environments?limit=1"]);
  });
});
