import { wrapped } from "../../provider/api/lines";
import { cellText, gap, lineHeight, type Picture, padding, type SchemeName, schemes, textAt } from "../svg";
import { type Cost, type Day, type Hour, hoursOfDay, type Plan } from "./plan";
import type { Fleet } from "./what-is-scheduled";
import { busyText, factTexts, headText, mostShades, type Shade, shadeOf, shadesOf, shadeText } from "./words";

const labelWidth = 120;
const cellWidth = 28;
const cellHeight = 24;
const charactersOfLine = 130;

/** The colours of hours without runs. */
const empty = {
  light: { none: "#eff2f5", past: "#ffffff" },
  dark: { none: "#1c2128", past: "#0d1117" },
} as const;
/**
 * The colours of the fill and of the number on it, from the lightest shade on. Each pair has a contrast of at least 4.5 (WCAG
 * 1.4.3).
 */
const fills = {
  light: [
    ["#ddf4ff", "#0a3069"],
    ["#b6e3ff", "#0a3069"],
    ["#0969da", "#ffffff"],
    ["#0a3069", "#ffffff"],
  ],
  dark: [
    ["#0c2d6b", "#cae8ff"],
    ["#0d419d", "#ffffff"],
    ["#79c0ff", "#0d1117"],
    ["#cae8ff", "#0d1117"],
  ],
} as const;

/** The calendar as a picture. */
export function picture(fleet: Fleet, plan: Plan, cost: Cost): Picture {
  const shades = shadesOf(plan);
  const gridTop = padding + 3.4 * lineHeight;
  const gridBottom = gridTop + plan.days.length * (cellHeight + gap);
  // SVG does not break lines by itself.
  const linesOf = (text: string, start = "") => wrapped(text, charactersOfLine, "        ", start);
  const facts = [
    ...(plan.busiest.length === 0
      ? ["No two start in the same minute."]
      : ["Busiest minutes", ...plan.busiest.flatMap((minute) => linesOf(busyText(minute, plan.timezone), "    "))]),
    ...factTexts(fleet, plan, cost).flatMap((text) => linesOf(text)),
  ];
  const factsTop = gridBottom + 2.6 * lineHeight;
  const body = [
    ...hourLabels(gridTop),
    ...plan.days.flatMap((day, index) => dayRow(day, gridTop + index * (cellHeight + gap), shades)),
    ...legend(shades, gridBottom + lineHeight),
    ...facts.map((line, index) => textAt(padding, factsTop + index * lineHeight, line)),
  ];
  return {
    title: headText(plan),
    description: plan.days.map(({ text, runs }) => `${text}: ${runs}`).join(", "),
    height: factsTop + facts.length * lineHeight + padding / 2,
    style: ".doubled{stroke-width:2;stroke-dasharray:3 2}",
    scheme,
    body,
  };
}

function hourLabels(top: number): string[] {
  const hours = Array.from({ length: hoursOfDay }, (_, hour) =>
    textAt(cellLeft(hour) + cellWidth / 2, top - 6, String(hour).padStart(2, "0"), "quiet middle"),
  );
  return [...hours, textAt(cellLeft(hoursOfDay) + 8, top - 6, "runs", "quiet")];
}

function cellLeft(hour: number): number {
  return padding + labelWidth + hour * (cellWidth + gap);
}

function dayRow({ text, hours, runs }: Day, top: number, shades: readonly Shade[]): string[] {
  const baseline = top + cellHeight / 2 + 4;
  return [
    textAt(padding, baseline, text),
    ...hours.map((hour, index) => cell(hour, index, text, top, shades)),
    textAt(cellLeft(hoursOfDay) + 8, baseline, String(runs)),
  ];
}

function cell(hour: Hour, index: number, day: string, top: number, shades: readonly Shade[]): string {
  const shade = shadeOf(hour, shades);
  const kind = shade > 0 ? `fill${shade}` : hour.isPast ? "past" : hour.clock === "skipped" ? "skipped" : "none";
  const clock = hour.clock === undefined ? "" : `, ${hour.clock} by the clocks`;
  const label = `${day} ${String(index).padStart(2, "0")}:00: ${hour.runs}${clock}`;
  const styled = `${kind}${hour.clock === "doubled" ? " doubled" : ""}`;
  const number = shade === 0 ? "" : String(hour.runs);
  return cellText([cellLeft(index), top, cellWidth, cellHeight], styled, label, number, `on${shade}`);
}

function legend(shades: readonly Shade[], baseline: number): string[] {
  const steps = shades.map((shade, index) => {
    const left = padding + labelWidth + index * 90;
    return `<rect class="fill${index + 1}" x="${left}" y="${baseline - 11}" width="14" height="14" rx="3"/>${textAt(left + 20, baseline, shadeText(shade), "quiet")}`;
  });
  return shades.length === 0 ? [] : [textAt(padding, baseline, "runs an hour", "quiet"), ...steps];
}

function scheme(name: SchemeName): string {
  const { page, text, quiet } = schemes[name];
  const { none, past } = empty[name];
  const shades = Array.from({ length: mostShades }, (_, index) => {
    const [fill, number] = fills[name][index] ?? [page, text];
    return `.fill${index + 1}{fill:${fill}}.on${index + 1}{fill:${number}}`;
  });
  return [
    `.none{fill:${none}}.past{fill:${past}}`,
    `.skipped{fill:${page};stroke:${quiet}}.doubled{stroke:${text}}`,
    ...shades,
  ].join("");
}
