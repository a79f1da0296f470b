import { counted } from "../../provider/api/clock";
import { cut } from "../../provider/api/lines";
import { timeOf } from "../../provider/deployment-run/newest-first";
import type { RunResult } from "../../provider/deployment-run/result";
import { longTime, resultText, type TimeText } from "../runs/texts";
import { cellText, gap, lineHeight, type Picture, padding, pictureWidth, textAt } from "../svg";
import { nameCell } from "../words";
import { type DeploymentStatus, isHealthy } from "./causes";
import type { View } from "./table";
import { tallyText } from "./table";

/** The colours of the square and of the letter on it, each pair with a contrast of at least 4.5 (WCAG 1.4.3). */
const colours = {
  good: { light: ["#dafbe1", "#0a3f1b"], dark: ["#12351d", "#aff5b4"] },
  bad: { light: ["#cf222e", "#ffffff"], dark: ["#ff7b72", "#0d1117"] },
  open: { light: ["#ddf4ff", "#0a3069"], dark: ["#0c2d6b", "#cae8ff"] },
  rest: { light: ["#eff2f5", "#1f2328"], dark: ["#2b3138", "#f0f6fc"] },
} as const;

type Kind = NonNullable<RunResult["state"]> | "done, said nothing" | "missed" | "another result";

/** The letter and the colour of each kind of square, in the order of the legend. */
const kinds: Readonly<Record<Kind, readonly [letter: string, colour: keyof typeof colours | "missed"]>> = {
  done: ["D", "good"],
  "done, said nothing": ["S", "rest"],
  "done, not graded": ["G", "open"],
  failed: ["F", "bad"],
  "could not start": ["X", "bad"],
  "never began": ["E", "bad"],
  "not satisfied": ["U", "bad"],
  "stopped by budget": ["B", "bad"],
  missed: ["M", "missed"],
  "waiting for somebody": ["W", "open"],
  running: ["R", "open"],
  "not started yet": ["N", "open"],
  cancelled: ["C", "rest"],
  "another result": ["?", "rest"],
};

/** A run or a missed run. */
interface Square {
  readonly kind: Kind;
  /** The result in words. */
  readonly text: string;
  readonly time: string | undefined;
}

const nameColumns = 32;
const gridLeft = padding + 230;
const side = 18;
const step = side + gap;
const squaresOfLine = Math.floor((pictureWidth - padding - gridLeft + gap) / step);
const legendColumns = 4;

const noneMissed = { times: [] };

/** The runs since a time as a picture: a row for each deployment, which has several lines if it has many runs. */
export function picture(deployments: readonly DeploymentStatus[], view: View): Picture {
  const shownTime = longTime(view.timeZone);
  const rows = deployments.map((deployment) => {
    const name = nameCell(deployment, view.managed);
    const { since, missed: { times: missed } = noneMissed } = deployment;
    const tally = since === undefined ? [] : [tallyText(since)];
    const texts = missed.length === 0 ? tally : [...tally, `${missed.length} missed`];
    return { deployment, name, text: `${name}: ${texts.join(", ")}`, squares: squaresOf(deployment) };
  });
  const all = rows.flatMap(({ squares }) => squares);
  const missed = all.filter(({ kind }) => kind === "missed").length;
  const runs = `${counted(all.length - missed, "run")} of ${counted(rows.length, "deployment")}`;
  const start = shownTime(new Date(view.since ?? view.now).toISOString());
  const names: string[] = [];
  const cells: string[] = [];
  let top = padding + 2 * lineHeight;
  for (const { deployment, name, squares } of rows) {
    const baseline = top + side / 2 + 4;
    names.push(textAt(padding, baseline, `${isHealthy(deployment) ? "" : "! "}${cut(name, nameColumns)}`));
    const none = textAt(gridLeft, baseline, "no runs", "quiet");
    for (const cell of squares.length === 0 ? [none] : cellsOf(squares, top, shownTime)) {
      cells.push(cell);
    }
    top += Math.max(1, Math.ceil(squares.length / squaresOfLine)) * step + 2 * gap;
  }
  const legend = legendOf(all, top + lineHeight / 2);
  return {
    title: `${runs} since ${start} in ${view.timeZone}${missed === 0 ? "" : `, and ${missed} missed`}`,
    description: rows.map(({ text }) => text).join("; "),
    height: top + lineHeight / 2 + Math.ceil(legend.length / legendColumns) * (step + gap) + padding,
    // This grey has a contrast of at least 3 to both pages (WCAG 1.4.11).
    style: ".missed{fill:none;stroke:#818b98;stroke-width:1.5;stroke-dasharray:3 2}",
    scheme: (name) =>
      Object.entries(colours)
        .map(([kind, { [name]: pair }]) => `.${kind}{fill:${pair[0]}}.on-${kind}{fill:${pair[1]}}`)
        .join(""),
    // The inner picture cuts off a name whose letters are wider than most.
    body: [`<svg width="${gridLeft - 4 * gap}">`, ...names, "</svg>", ...cells, ...legend],
  };
}

/** From the oldest to the newest. A run without a time is among the newest. */
function squaresOf(deployment: DeploymentStatus): Square[] {
  const { runsSince, missed: { times } = noneMissed } = deployment;
  const runs = runsSince.map(({ run, result }) => ({
    kind: kindOf(result),
    text: resultText(result),
    time: run.createdAt,
  }));
  const absent = times.map((at) => ({
    kind: "missed" as const,
    text: "missed",
    time: new Date(at).toISOString(),
  }));
  const place = ({ time }: Square) => timeOf(time) ?? Number.MAX_SAFE_INTEGER;
  return [...runs.toReversed(), ...absent].sort((one, other) => place(one) - place(other));
}

function kindOf({ state, saidNothing }: RunResult): Kind {
  return state === "done" && saidNothing ? "done, said nothing" : (state ?? "another result");
}

function cellsOf(squares: readonly Square[], top: number, shownTime: TimeText): string[] {
  return squares.map(({ kind, text, time }, index) => {
    const left = gridLeft + (index % squaresOfLine) * step;
    return squareText(left, top + Math.floor(index / squaresOfLine) * step, kind, `${shownTime(time)}: ${text}`);
  });
}

function squareText(left: number, top: number, kind: Kind, label: string): string {
  const [letter, colour] = kinds[kind];
  return cellText([left, top, side, side], colour, label, letter, `on-${colour}`);
}

/** The kinds that occur, with their numbers. */
function legendOf(squares: readonly Square[], top: number): string[] {
  const order = Object.keys(kinds);
  return [...new Set(squares.map(({ kind }) => kind))]
    .sort((one, other) => order.indexOf(one) - order.indexOf(other))
    .map((kind, index) => {
      const left = padding + (index % legendColumns) * ((pictureWidth - 2 * padding) / legendColumns);
      const above = top + Math.floor(index / legendColumns) * (step + gap);
      const count = squares.filter((square) => square.kind === kind).length;
      return `${squareText(left, above, kind, kind)}${textAt(left + side + 6, above + side / 2 + 4, `${kind}: ${count}`, "quiet")}`;
    });
}
