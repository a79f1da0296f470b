import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { messageText } from "../../provider/resource/engine/answer";
import { Session } from "../../provider/resource/session/session";
import { kinds } from "../kinds";
import { deployment } from "../kinds/deployment";
import { idOf } from "../support/registrations";
import { plain } from "../support/rpc-provider";
import { SkippingClock } from "../support/skipping-clock";
import { doors, type KindWorld, type Properties, useDoor, World } from "../support/world";

const examples = resolve(__dirname, "..", "..", "examples");
const home = process.cwd();

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(deployment);
});
beforeEach(() => world.reset());
afterEach(() => {
  process.chdir(home);
});
afterAll(() => world.stop());

interface Declared {
  readonly type: string;
  readonly inputs: Properties;
  /** The explicit provider: the engine starts a process for each. */
  readonly provider: string | undefined;
}

/** The resources of this package in the program of the example. */
async function declaredIn(name: string): Promise<Declared[]> {
  const declared: Declared[] = [];
  pulumi.runtime.setMocks(
    {
      newResource: ({ type, name: called, inputs, provider }) => {
        const values: [string, unknown][] = Object.entries(inputs);
        if (kinds.some((kind) => kind.type === type)) {
          declared.push({ type, provider, inputs: Object.fromEntries(values.map(([key, one]) => [key, plain(one)])) });
        }
        return { id: `${idOf(type)}${called}`, state: { ...inputs, version: 3, latestVersion: "7" } };
      },
      // A look-up.
      call: ({ token }) => ({ id: token.includes("getAgent") ? "agent_1" : "env_1", version: 3 }),
    },
    "project",
    "dev",
    true,
  );
  const own = Object.entries(settings[name] ?? {}).map(([key, value]) => [`project:${key}`, value] as const);
  pulumi.runtime.setAllConfig(
    Object.fromEntries(own),
    own.map(([key]) => key),
  );
  process.chdir(join(examples, name));
  require(join(examples, name, "index.ts"));
  await pulumi.runtime.disconnect();
  return declared;
}

/** Everything that a preview of new resources prints. Fails if the check of one does. */
async function previewOf(declared: readonly Declared[]) {
  const output: string[] = [];
  const session = new Session({
    clock: new SkippingClock(),
    environment: { QODER_PAT: "pt-test", QODER_BASE_URL: world.api.url },
    tell: async ({ severity, text }) => void output.push(messageText(severity, text)),
  });
  for (const { type, inputs } of declared) {
    const kind = kinds.find((one) => one.type === type);
    if (kind !== undefined) {
      const { failures = [] } = (await kind.begin(session).check?.({}, inputs)) ?? {};
      expect(failures).toEqual([]);
    }
  }
  await session.remarks.end();
  return output;
}

/** The settings of the programs that need some. */
const settings: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "evaluated-rollout": { prompt: "You review." },
  "gated-rollout": { prompt: "You review." },
  "per-stack": { model: "ultimate", expression: "0 9 * * 1-5", paused: "false" },
  pipeline: { repositoryToken: "t" },
  rotation: { trackerToken: "t", githubToken: "t" },
  "run-on-deploy": { environmentId: "env_a", commit: "4f2a" },
  "take-over": { sandboxId: "env_a" },
  "two-accounts": { stagingPat: "pt-staging", productionPat: "pt-production" },
  "whole-team": { trackerToken: "t" },
};
/** A program of the Automation API starts the CLI, and a policy pack declares nothing. */
const without = ["automation-api", "policy-pack"];
const programs = readdirSync(examples).filter(
  (name) => existsSync(join(examples, name, "index.ts")) && !without.includes(name),
);

test.each(programs)("a preview of examples/%s prints the next runs and an adoption alone", async (name) => {
  const declared = await declaredIn(name);
  expect(declared).not.toEqual([]);
  const providers = [...new Set(declared.map(({ provider }) => provider))];
  const output = await Promise.all(
    providers.map((one) => previewOf(declared.filter(({ provider }) => provider === one))),
  );
  const isAboutNextRuns = (text: string) => /^Next runs, in the time of | \[(next-runs|gate)\]$/.test(text);
  // An adoption is the subject of one example, and a gate that of others.
  const subjects = name === "take-over" ? [expect.stringMatching(/ \[adopt\]$/)] : [];
  expect(output.flat().filter((text) => !isAboutNextRuns(text))).toEqual(subjects);
});

describe.each(doors)("by the %s door", (door) => {
  test("a preview of 50 deployments without mistakes prints the table of next runs only", async () => {
    useDoor(door);
    const provider = world.command();
    for (let index = 0; index < 50; index += 1) {
      const args = {
        name: `report-${index}`,
        agent: index % 2 === 0 ? world.agent : world.otherAgent,
        environmentId: index % 3 === 0 ? world.environment : world.otherEnvironment,
        initialEvents: [{ type: "user.message", content: `Report what changed in the repository ${index}` }],
        description: `The report of repository ${index}`,
        metadata: { team: `team-${index % 7}` },
        environmentVariables: { REPOSITORY: `acme/service-${index}`, MODE: "brief" },
        schedule: { expression: `${index} ${4 + (index % 12)} * * 1-5`, timezone: "UTC" },
        resources: [
          { type: "github_repository", url: `https://github.com/acme/service-${index}`, authorizationToken: "t" },
        ],
      };
      const declared = { ...world.args(args), __command: { isPreview: true } };
      await world.stackOf(deployment, provider).preview(declared);
    }
    await provider.end();
    expect(world.output).toEqual([expect.stringMatching(/^Next runs, in the time of UTC:\n/)]);
    expect(world.output.join().split("\n").length).toBeLessThanOrEqual(14);
  });
});
