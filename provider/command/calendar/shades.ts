import type { Hour, Plan } from "./plan";

/** The number of shades; a darker one means more runs. */
export const mostShades = 4;

/** A shade, with its smallest and largest number of runs an hour. */
export interface Shade {
  readonly least: number;
  readonly most: number;
}

/** The shades of a calendar, the lightest first; none if no deployment runs. */
export function shadesOf({ days }: Plan): Shade[] {
  const most = Math.max(0, ...days.flatMap(({ hours }) => hours.map(({ runs }) => runs)));
  const levels = Math.min(mostShades, most);
  return Array.from({ length: levels }, (_, index) => ({
    least: Math.floor((index * most) / levels) + 1,
    most: Math.floor(((index + 1) * most) / levels),
  }));
}

/** The number of the shade: 1 is the lightest; 0 for an hour without runs. */
export function shadeOf({ runs }: Hour, shades: readonly Shade[]): number {
  return runs === 0 ? 0 : shades.findIndex(({ most }) => runs <= most) + 1;
}

export function shadeText({ least, most }: Shade): string {
  return least === most ? `${least}` : `${least} to ${most}`;
}
