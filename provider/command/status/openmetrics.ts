import { harmless } from "../../api/foreign-text";
import { declaredPausedKey } from "../../deployment/paused";
import type { Watched } from "./watched";
import { isHealthy } from "./words";

/** The metrics with their help, and the value of a deployment; undefined for one that is not known. */
const metrics: readonly (readonly [name: string, help: string, value: (one: Watched) => number | undefined])[] = [
  ["healthy", "1 for a healthy deployment, else 0.", (one) => (isHealthy(one) ? 1 : 0)],
  ["runs", "Runs since the time of --since.", ({ since }) => since?.runs],
  ["failures", "Failed runs since the time of --since.", ({ since }) => since?.failed],
  ["missed", "Runs that the schedule should have started since the time of --since.", ({ missed }) => missed?.length],
  ["credits", "Credits of the runs since the time of --since.", ({ since }) => since?.credits],
  ["next_run_timestamp_seconds", "Time of the next run.", ({ nextRunAt }) => secondsOf(nextRunAt)],
];

/** The deployments in the text format of OpenMetrics 1.0, which Prometheus reads. A value that is not known is absent. */
export function openMetrics(deployments: readonly Watched[]): string {
  const lines = metrics.flatMap(([name, help, valueIn]) => {
    const family = `qoder_deployment_${name}`;
    const samples = deployments.flatMap((one) => {
      const value = valueIn(one);
      return value === undefined ? [] : [`${family}{${labelsOf(one)}} ${value}`];
    });
    return [`# TYPE ${family} gauge`, `# HELP ${family} ${help}`, ...samples];
  });
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

/** The labels at Qoder get a prefix, so that none of them can replace `id` and `name`. */
function labelsOf({ id, name, labels }: Watched): string {
  const given = Object.entries(labels).flatMap(([key, value]) =>
    key === declaredPausedKey || typeof value !== "string"
      ? []
      : [[`label_${key.replace(/[^A-Za-z0-9_]/g, "_")}`, value] as const],
  );
  // Two keys may become one name, which may occur once only.
  const all = new Map([["id", id], ["name", name ?? ""], ...given]);
  return [...all].map(([key, value]) => `${key}="${escaped(value)}"`).join(",");
}

function escaped(text: string): string {
  return harmless(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function secondsOf(time: string | undefined): number | undefined {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? undefined : moment / 1_000;
}
