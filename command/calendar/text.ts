import { secondText } from "../../provider/api/clock";
import { aligned } from "../../provider/api/lines";
import type { CalendarJson } from "../json";
import { jsonOutput, lines } from "../words";
import { type Cost, type Day, type Hour, hoursOfDay, type Plan } from "./plan";
import type { Fleet } from "./what-is-scheduled";
import { busyText, factTexts, headText, type Shade, shadeOf, shadesOf, shadeText } from "./words";

const shadeCharacters = ["·", "░", "▒", "▓", "█"] as const;
const skipped = "-";
const labelWidth = "Thu 2026-11-26  ".length;
/** Two columns for each hour, the label, and the number of runs. */
const wideEnough = labelWidth + 2 * hoursOfDay + 5;

/** The calendar for this number of columns. */
export function text(fleet: Fleet, plan: Plan, cost: Cost, columns: number): string {
  const shades = shadesOf(plan);
  const hourWidth = columns >= wideEnough ? 2 : 1;
  const grid = [head(hourWidth), ...plan.days.map((day) => row(day, shades, hourWidth)), ""];
  const busiest =
    plan.busiest.length === 0
      ? ["No two start in the same minute."]
      : ["Busiest minutes:", ...plan.busiest.map((minute) => `  ${busyText(minute, plan.timezone)}`)];
  const runs = plan.runs.length === 0 ? [] : [...grid, legend(shades, plan, columns), "", ...busiest, ""];
  return lines([headText(plan), "", ...runs, ...factTexts(fleet, plan, cost)]);
}

function head(hourWidth: number): string {
  const every = hourWidth === 2 ? 2 : 3;
  const hours = Array.from({ length: hoursOfDay / every }, (_, index) => `${index * every}`.padStart(2, "0"));
  return `${" ".repeat(labelWidth)}${hours.map((hour) => hour.padEnd(every * hourWidth)).join("")} RUNS`;
}

function row({ text: label, hours, runs }: Day, shades: readonly Shade[], hourWidth: number): string {
  const cells = hours.map((hour) => characterOf(hour, shades).repeat(hourWidth)).join("");
  return `${label.padEnd(labelWidth)}${cells}${String(runs).padStart(5)}`;
}

function characterOf(hour: Hour, shades: readonly Shade[]): string {
  if (hour.runs === 0 && hour.isPast) {
    return " ";
  }
  return hour.runs === 0 && hour.clock === "skipped" ? skipped : (shadeCharacters[shadeOf(hour, shades)] ?? "");
}

function legend(shades: readonly Shade[], { days }: Plan, columns: number): string {
  const steps = shades.map((shade, index) => `${shadeCharacters[index + 1]} ${shadeText(shade)}`);
  const isSkipped = days.some(({ hours }) => hours.some(({ clock }) => clock === "skipped"));
  const [first = "", ...others] = [...steps, ...(isSkipped ? [`${skipped} skipped by the clocks`] : [])];
  return aligned([[`Runs an hour: ${first}`, ...others]], columns, "  ").join("");
}

export function json({ from, to, timezone, runs, busiest, days }: Plan, { expected, ceiling }: Cost): string {
  return jsonOutput<CalendarJson>({
    from: secondText(from),
    until: secondText(to),
    timezone,
    runs: runs.map(({ deployment: { id, name }, at }) => ({ id, name, scheduledAt: secondText(at) })),
    busiest: busiest.map(({ at, names }) => ({ at: secondText(at), names })),
    days: days.map(({ date, runs }) => ({ date, runs })),
    credits: { expected, ceiling },
  });
}
