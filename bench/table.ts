import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../test/support/engine-world";
import { type Step, steps } from "./life";
import type { Life, Results } from "./results";
import { commonPattern, empty, floor, mixed, ours, throughPlugin } from "./subjects";

const [begin, end] = ["<!-- bench -->", "<!-- /bench -->"];
export function writeTables(results: Results): void {
  const file = join(repository, "bench", "README.md");
  const [before, rest] = readFileSync(file, "utf8").split(begin);
  const after = rest?.split(end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(`bench/README.md has no place between ${begin} and ${end}`);
  }
  writeFileSync(file, `${before}${begin}\n${tables(results)}\n${end}${after}`);
}

export function tables(results: Results): string {
  return [measured(results), doors(results), summary(results), ratios(results), others(results)].join("\n\n");
}

function measured(results: Results): string {
  const { command, machine, rounds, lives } = results;
  const amounts = amountsOf(results);
  const most = Math.max(...amounts);
  const fewer = Math.min(...amounts);
  const plugin = lives.find(({ subject }) => throughPlugin.some(({ name }) => name === subject));
  return [
    `\`${command}\` on ${machine}. Each figure of ${most} deployments is the median of ${rounds} rounds`,
    fewer === most ? "" : `, of fewer deployments of ${lifeOf(results, ours.name, fewer).rounds}`,
    plugin === undefined ? "" : `, through the plugin of ${plugin.rounds}`,
    `. Figures of more than ${most} deployments and of all kinds come from one round.`,
  ].join("");
}

/** The CPU or wall time of one subject in a step, divided by that of another subject. */
export function ratio(one: Life, other: Life, step: Step, figure: "cpu" | "wall"): number {
  return one.steps[step][figure] / other.steps[step][figure];
}

function foundLife({ lives }: Results, subject: string, amount: number): Life | undefined {
  return lives.find((one) => one.subject === subject && one.amount === amount);
}

export function lifeOf(results: Results, subject: string, amount: number): Life {
  const found = foundLife(results, subject, amount);
  if (found === undefined) {
    throw new Error(`no figures of ${amount} of ${subject}`);
  }
  return found;
}

function amountsOf({ lives }: Results): number[] {
  return [...new Set(lives.filter(({ subject }) => subject === ours.name).map(({ amount }) => amount))];
}

function ratios(results: Results): string {
  const rows = amountsOf(results).flatMap((amount) => {
    const [own, least] = [lifeOf(results, ours.name, amount), lifeOf(results, floor.name, amount)];
    return steps.map((step) => {
      const compared = [empty, commonPattern].map(({ name }) =>
        times(ratio(lifeOf(results, name, amount), least, step, "cpu")),
      );
      return row(
        String(amount),
        step,
        seconds(own.steps[step].cpu),
        seconds(own.steps[step].wall),
        times(ratio(own, least, step, "cpu")),
        times(ratio(own, least, step, "wall")),
        ...compared,
      );
    });
  });
  return [
    row(
      "deployments",
      "command",
      "CPU",
      "wall",
      "CPU ÷ floor",
      "wall ÷ floor",
      "empty: CPU ÷ floor",
      "common pattern: CPU ÷ floor",
    ),
    row("--:", "---", "--:", "--:", "--:", "--:", "--:", "--:"),
    ...rows,
  ].join("\n");
}

/** The CPU time of each command of the largest fleet, through both doors, divided by that of the floor. */
function doors(results: Results): string {
  const most = Math.max(...amountsOf(results));
  const least = lifeOf(results, floor.name, most);
  const columns = [commonPattern, ours, ...throughPlugin];
  const rows = steps.map((step) => {
    const compared = columns.map(({ name }) => {
      const life = foundLife(results, name, most);
      return life === undefined ? "not measured" : times(ratio(life, least, step, "cpu"));
    });
    return row(step, seconds(least.steps[step].cpu), ...compared);
  });
  return [
    row(`CPU of ${most} deployments ÷ floor`, "floor", ...columns.map(({ name }) => name)),
    row("---", "--:", ...columns.map(() => "--:")),
    ...rows,
  ].join("\n");
}

/** The cost and the requests of each command of the largest fleet. */
function summary(results: Results): string {
  const most = Math.max(...amountsOf(results));
  const of = ({ name }: { readonly name: string }) => lifeOf(results, name, most);
  const [own, least, common] = [of(ours), of(floor), of(commonPattern)];
  const rows = steps.map((step) => {
    const { cpu, wall, requests, bytes } = own.steps[step];
    const ratios = [own, common].map((life) => times(ratio(life, least, step, "wall")));
    return row(step, seconds(cpu), seconds(wall), ...ratios, ...[requests, bytes, common.steps[step].bytes].map(count));
  });
  return [
    row(
      `${most} deployments`,
      "CPU",
      "wall",
      "wall ÷ floor",
      "common pattern: wall ÷ floor",
      "requests",
      "bytes sent",
      "common pattern: bytes",
    ),
    row("---", "--:", "--:", "--:", "--:", "--:", "--:", "--:"),
    ...rows,
  ].join("\n");
}

function others(results: Results): string {
  const { state, overlap, loadingMs, checkAndDiffMs, readsAlone } = results;
  const lines: readonly (readonly [string, string])[] = [
    [
      "a deployment in the state",
      `${state.resource} bytes, ${times(state.outputs / state.reply)} the reply of ${state.reply} in its outputs; the floor's ${state.floor}`,
    ],
    [
      `up of ${overlap.amount} where each answer takes ${overlap.latencyMs} ms, without a limit of writes`,
      `${seconds(overlap.wall)}; the floor ${seconds(overlap.floor)}; one by one it would be ${seconds(overlap.oneByOne)}`,
    ],
    ["loading the provider, CPU beyond the SDK", `${Math.round(loadingMs.provider)} ms`],
    ["loading the package in a program, CPU beyond the SDK", `${Math.round(loadingMs.program)} ms`],
    [
      "check and diff of an unchanged deployment",
      `${checkAndDiffMs.median.toFixed(2)} ms at the median, ${checkAndDiffMs.p99.toFixed(2)} ms at p99, ${checkAndDiffMs.first.toFixed(0)} ms the first`,
    ],
    ...readsAlone.map(({ amount, cpu }) => [`${amount} reads alone`, `${seconds(cpu)} of CPU`] as const),
    ...results.lives
      .filter(({ subject }) => subject === mixed.name)
      .map(
        ({ amount, steps: lived }) =>
          [
            `${amount} resources of all kinds`,
            steps.map((step) => `${step} ${seconds(lived[step].cpu)}`).join(", "),
          ] as const,
      ),
    ...results.multiplied.map(
      ({ step, subject, amount, cpu, wall, mb }) =>
        [
          `${step} of ${amount}, ${subject}`,
          `${seconds(cpu)} of CPU and ${seconds(wall)}: ${((1_000 * cpu) / amount).toFixed(1)} ms and ${(mb / amount).toFixed(2)} MB each; ${Math.round(mb)} MB in all`,
        ] as const,
    ),
  ];
  return [
    row("figure", "value"),
    row("---", "---"),
    ...[...lines, ...growth(results)].map((line) => row(...line)),
  ].join("\n");
}

/** What each deployment adds between the smallest and the largest multiplied stack. */
function growth({ multiplied }: Results): (readonly [string, string])[] {
  const amounts = multiplied.map(({ amount }) => amount);
  const [fewest, most] = [Math.min(...amounts), Math.max(...amounts)];
  return multiplied
    .filter(({ amount }) => amount === most && fewest < most)
    .flatMap(({ step, subject, cpu, mb }) => {
      const small = multiplied.find((one) => one.step === step && one.subject === subject && one.amount === fewest);
      if (small === undefined) {
        return [];
      }
      const each = (large: number, less: number) => (large - less) / (most - fewest);
      return [
        [
          `${step}, ${subject}: each deployment from ${fewest} to ${most}`,
          `${(1_000 * each(cpu, small.cpu)).toFixed(1)} ms of CPU and ${each(mb, small.mb).toFixed(2)} MB`,
        ] as const,
      ];
    });
}

function row(...cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(value: number): string {
  return `${value.toFixed(2)} s`;
}

function times(value: number): string {
  return value.toFixed(2);
}

function count(value: number): string {
  return String(Math.round(value));
}
