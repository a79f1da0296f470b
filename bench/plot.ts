import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../test/support/engine-world";
import { steps } from "./life";
import type { Results } from "./results";
import { commonPattern, empty, floor, ours } from "./subjects";
import { lifeOf, ratio } from "./table";

const bars = [
  { name: empty.name, colour: "#b8c0cc" },
  { name: ours.name, colour: "#5f4bdb" },
  { name: commonPattern.name, colour: "#e08a3c" },
];
const [width, height, left, bottom, top] = [760, 300, 50, 50, 40];
const barWidth = 26;
const highest = 2;
const shownAmount = 100;

/** Draws the CPU time of each command at 100 deployments, divided by that of the floor, which is the line at 1. */
export function writePlot(results: Results): void {
  const group = (width - left - 20) / steps.length;
  const y = (value: number) => height - bottom - (Math.min(value, highest) / highest) * (height - bottom - top);
  const least = lifeOf(results, floor.name, shownAmount);
  const groups = steps.map((step, index) => {
    const start = left + index * group + (group - bars.length * barWidth) / 2;
    const drawn = bars.map(({ name, colour }, place) => {
      const value = ratio(lifeOf(results, name, shownAmount), least, step, "cpu");
      const x = start + place * barWidth;
      return `<rect x="${x}" y="${y(value)}" width="${barWidth - 4}" height="${y(0) - y(value)}" fill="${colour}"/>${text(x + barWidth / 2 - 2, y(value) - 4, value.toFixed(2), 10)}`;
    });
    return `${drawn.join("")}${text(start + (bars.length * barWidth) / 2, height - bottom + 18, step, 12)}`;
  });
  const legend = bars.map(
    ({ name, colour }, index) =>
      `<rect x="${left + index * 150}" y="10" width="12" height="12" fill="${colour}"/><text x="${left + 18 + index * 150}" y="20" font-size="12">${name}</text>`,
  );
  const line = `<line x1="${left}" x2="${width - 10}" y1="${y(1)}" y2="${y(1)}" stroke="#444" stroke-dasharray="4 3"/>`;
  const axis = [0, 0.5, 1, 1.5, 2].map((value) => text(left - 16, y(value) + 4, String(value), 11)).join("");
  const title = text(
    width / 2,
    height - 8,
    `CPU time of a command at ${shownAmount} deployments; 1 is a resource with the same inputs that does nothing`,
    12,
  );
  writeFileSync(
    join(repository, "docs", "pictures", "scale.svg"),
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif" fill="#222"><title>CPU time of each command beside the floor</title><rect width="${width}" height="${height}" fill="#fff"/>${legend.join("")}${axis}${line}${groups.join("")}${title}</svg>\n`,
  );
}

function text(x: number, y: number, content: string, size: number): string {
  return `<text x="${x}" y="${y}" font-size="${size}" text-anchor="middle">${content}</text>`;
}
