import { endWhenRead } from "../support/ended-runs";
import { EngineWorld } from "../support/engine-world";
import { Example } from "../support/example";

const world = EngineWorld.ofTests();

/**
 * Ends sessions when `up` reads them: "all is well" fails in the evaluation, and "pull request" in the run of the second wave.
 */
function judgeWaves(): void {
  const { api } = world;
  endWhenRead(api, (name) => {
    const prompt = api.agents.live().find((one) => one.name === "reviewer")?.system ?? "";
    if (name === "review-billing" && prompt.includes("pull request")) {
      return { error: { type: "billing_error", message: "No credits are left." } };
    }
    const result = prompt.includes("all is well") ? "failed" : "satisfied";
    return name.startsWith("reviewer-is-good") ? { outcomes: [{ result }] } : {};
  });
}

test("the example gated-rollout moves wave after wave, and a wave that fails leaves the later ones where they are", async () => {
  judgeWaves();
  const example = new Example(world, "gated-rollout");
  const output = await example.followReadme();
  const lines = world.writes();
  const evaluated = ["mistakes", "no-mistake"].map((name) => `/deployments/reviewer-is-good-${name}`);
  const evaluation = [...evaluated, ...evaluated.map((path) => `${path}/run`)];
  const ten = ["billing", "chat", "data", "design", "identity", "infra", "mail", "maps", "mobile", "orders"];
  const rest = ["payments", "platform", "search", "shop", "web"];
  const moved = (names: readonly string[]) => names.map((team) => `/deployments/review-${team}`);
  const gate = (team: string) => `/deployments/review-${team}/run`;
  const parts = (amounts: readonly number[]) => amounts.map((amount) => lines.splice(0, amount).sort());
  // The first prompt creates everything, in the order of the waves.
  const first = lines.splice(0, 2 + 2 + 2 + 16 + 2);
  expect(first.filter((line) => line.endsWith("/run")).slice(2)).toEqual([gate("docs"), gate("billing")]);
  // The second prompt fails in the evaluation.
  expect(parts([5])).toEqual([["/agents/AGENT", ...evaluation].sort()]);
  // The third one fails in the gate of the ten.
  const toTheTen = [
    ["/agents/AGENT", ...evaluation].sort(),
    moved(["docs"]),
    [gate("docs")],
    moved(ten),
    [gate("billing")],
  ];
  expect(parts([5, 1, 1, 10, 1])).toEqual(toTheTen);
  // The fourth one passes through all waves.
  expect(parts([5, 1, 1, 10, 1, 5])).toEqual([...toTheTen, moved(rest)]);
  expect(lines).toEqual([]);
  expect(output).toMatch(/0 of 2 runs are satisfied[\s\S]*The evaluation failed/);
  expect(output).toMatch(
    /create failed permanently: .* failed: billing_error: No credits are left[\s\S]*A gate is shut/,
  );
  const preview = output.slice(output.indexOf("Previewing"));
  const shown = [...preview.matchAll(/rollout:wave:(\w+)\$\S+:Deployment::review-(\w+)\]\n +~ agent: /g)];
  const inWave = (wave: string) => shown.flatMap(([, one, team = ""]) => (one === wave ? [team] : [])).sort();
  expect([inWave("canary"), inWave("ten"), inWave("rest")]).toEqual([["docs"], ten, rest]);
  expect(new Set(world.api.deployments.live().map(({ agent }) => agent.version))).toEqual(new Set([4]));
  example.edit("index.ts", ', "orders"]', "]");
  example.edit("index.ts", '"payments"', '"orders", "payments"');
  await example.run("pulumi up");
  expect(world.writes()).toEqual([]);
  example.edit("index.ts", '"orders", "payments"', '"payments"');
  example.edit("index.ts", '"mobile"]', '"mobile", "orders"]');

  // The way back waits for no gate, and pays for none.
  await example.run("pulumi config set version 1\npulumi up");
  const archived = evaluated.map((path) => `${path}/archive`);
  // The stand-in renames what is archived.
  const back = world.writes().map((line) => line.replace(/_archived_\d+/, ""));
  expect(back.sort()).toEqual([...moved([...ten, ...rest, "docs"]), ...archived].sort());
  // The way forth creates the cases again, and passes all gates once more.
  await example.run("pulumi config rm version\npulumi up");
  // Within a day the service repeats its answer to the key of an earlier start, and a second key starts the run.
  const forth = world.writes().filter((line, index, all) => line !== "/deployments" && all.indexOf(line) === index);
  expect([2, 1, 1, 10, 1, 5].map((amount) => forth.splice(0, amount).sort())).toEqual([
    evaluated.map((path) => `${path}/run`),
    ...toTheTen.slice(1),
    moved(rest),
  ]);
  expect(forth).toEqual([]);
});
