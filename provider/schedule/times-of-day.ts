import { fieldTexts } from "./expression";

/** The minutes and the hours that a valid expression names, in order. */
export function timesOfDay(expression: string): { readonly minutes: number[]; readonly hours: number[] } {
  const [minute = "", hour = ""] = fieldTexts(expression);
  return { minutes: valuesOf(minute, 60), hours: valuesOf(hour, 24) };
}

function valuesOf(field: string, count: number): number[] {
  const items = field.split(",").map((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [from = "", to = from] = range === "*" ? ["0", `${count}`] : range.split("-");
    return { from: Number(from), to: Number(to), step: Number(step) };
  });
  return [...Array(count).keys()].filter((value) =>
    items.some(({ from, to, step }) => from <= value && value <= to && (value - from) % step === 0),
  );
}

/** The least time between two runs of a day, or of two days in a row, in milliseconds; a day where there is no such time. */
export function shortestInterval(expression: string): number {
  const { minutes, hours } = timesOfDay(expression);
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const [, , dayOfMonth, , dayOfWeek] = fieldTexts(expression);
  const runsDaily = dayOfMonth === "*" && dayOfWeek === "*";
  const following = [...times.slice(1), ...(runsDaily ? [minutesOfDay + (times[0] ?? 0)] : [])];
  return minute * Math.min(minutesOfDay, ...following.map((time, index) => time - (times[index] ?? 0)));
}

const minute = 60_000;
const minutesOfDay = 24 * 60;
