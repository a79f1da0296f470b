import { agent } from "../../kinds/agent";
import { deployment } from "../../kinds/deployment";
import { deploymentRun } from "../../kinds/deployment-run";
import { environment } from "../../kinds/environment";
import type { KindRow } from "../../kinds/kind-row";
import { skill, skillOf } from "../../kinds/skill";
import { vault } from "../../kinds/vault";
import { vaultCredential } from "../../kinds/vault-credential";
import { skillMd } from "../../support/skill-folder";
import { doors, type Properties, type SimulatedStack, useDoor, World } from "../../support/world";

const world = World.ofTests(deploymentRun);
beforeEach(() => world.reset({ idempotencyKeysForRuns: "honour" }));

const environmentWith = (pip: string) => ({ config: { type: "cloud", packages: { pip: [pip] } } });
const credentialIn = (vaultId: string, token: string) => ({
  vaultId,
  auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token },
});
const skillWith = (text: string) => skillOf({ "SKILL.md": skillMd("daily"), "text.md": text });

type Command = ReturnType<typeof world.together>;

/** The resources of a stack whose gate an `up` left waiting, by their names. */
class Canary {
  readonly #resources = new Map<string, readonly [kind: KindRow, stack: SimulatedStack, args: Properties]>();
  readonly #command = world.together();

  async declare(name: string, kind: KindRow, args: Properties): Promise<string> {
    const stack = world.stackOf(kind, this.#command(kind));
    await stack.up(args);
    this.#resources.set(name, [kind, stack, args]);
    return stack.state?.id ?? "";
  }

  /** Runs another `up`: the engine compares each resource before the gate, and passes its state. */
  async up(changed: Readonly<Record<string, Properties>>, more?: (command: Command) => Promise<void>) {
    const command = world.together();
    for (const [name, [kind, stack, args]] of this.#resources) {
      const next = stack.in(() => command(kind)).after(stack);
      await next.up(changed[name] ?? args);
      this.#resources.set(name, [kind, next, changed[name] ?? args]);
    }
    await more?.(command);
    return command;
  }
}

async function waiting() {
  const canary = new Canary();
  const environmentId = await canary.declare("environment", environment, environmentWith("requests"));
  await canary.declare("other environment", environment, { ...environmentWith("requests"), name: "other" });
  const vaultId = await canary.declare("vault", vault, { displayName: "canary" });
  await canary.declare("credential", vaultCredential, credentialIn(vaultId, "token-one"));
  const skillId = await canary.declare("skill", skill, skillWith("one"));
  const agentId = await canary.declare("agent", agent, { model: "ultimate", skills: [{ type: "custom", skillId }] });
  const deploymentId = await canary.declare("deployment", deployment, {
    ...deployment.least,
    agent: agentId,
    environmentId,
    vaultIds: [vaultId],
  });
  world.passTime(60_000);
  const args = world.args({ deploymentId, waitForResult: true });
  const gate = world.stackOf(deploymentRun);
  await expect(world.ending(gate).up(args)).rejects.toThrow("the process has ended");
  const [run] = world.api.runs.all();
  world.api.sessions.end(String(run?.session_id));
  world.passTime(60_000);
  world.api.switches.sessionsEnd = "at-once";
  const ids = { vaultId, skillId, agentId, environmentId };
  const goOn = async (command: Command) => {
    const next = world.again(gate, command(deploymentRun));
    await next.up(args);
    return { took: next.state?.id === run?.id, runs: world.api.runs.all().length };
  };
  return { canary, goOn, ids };
}
type Ids = Awaited<ReturnType<typeof waiting>>["ids"];

const changes: readonly (readonly [what: string, change: (ids: Ids) => Readonly<Record<string, Properties>>])[] = [
  ["the environment", () => ({ environment: environmentWith("rich") })],
  ["the token of a credential in the vault", ({ vaultId }) => ({ credential: credentialIn(vaultId, "token-two") })],
  ["an unpinned skill of the agent", () => ({ skill: skillWith("two") })],
  ["the agent", ({ skillId }) => ({ agent: { model: "auto", skills: [{ type: "custom", skillId }] } })],
];

describe.each(doors)("through the door %s", (door) => {
  beforeEach(() => useDoor(door));

  test.each([
    ["nothing changed", {}],
    ["only another environment changed", { "other environment": { ...environmentWith("rich"), name: "other" } }],
  ])("the up after one that was killed while its gate waited continues with the run if %s", async (_, changed) => {
    const { canary, goOn } = await waiting();
    expect(await goOn(await canary.up(changed))).toEqual({ took: true, runs: 1 });
  });

  const authors = ["it", "an up without the gate before it"] as const;
  test.each(authors.flatMap((author) => changes.map(([what, change]) => [author, what, change] as const)))(
    "the up after one that was killed in a wait starts a run if %s changed %s",
    async (author, _, change) => {
      const isEarlier = author !== "it";
      const { canary, goOn, ids } = await waiting();
      const changed = change(ids);
      if (isEarlier) {
        await canary.up(changed);
        world.passTime(60_000);
      }
      expect(await goOn(await canary.up(changed))).toEqual({ took: false, runs: 2 });
    },
  );

  test("the up after one that was killed in a wait starts a run if it added a credential to the vault", async () => {
    const { canary, goOn, ids } = await waiting();
    const command = await canary.up({}, async (same) => {
      const auth = { type: "environment_variable", secretName: "API_KEY", secretValue: "value" };
      await world.stackOf(vaultCredential, same(vaultCredential)).up({ vaultId: ids.vaultId, auth });
    });
    expect(await goOn(command)).toEqual({ took: false, runs: 2 });
  });
});
