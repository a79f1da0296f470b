import type { Hour, Plan } from "./plan";

/** Darker for more runs. */
export const mostShades = 4;

/** How many runs an hour has in each shade. */
export interface Shade {
  readonly least: number;
  readonly most: number;
}

/** The shades that a calendar needs, the lightest first; none where nothing runs. */
export function shadesOf({ days }: Plan): Shade[] {
  const most = Math.max(0, ...days.flatMap(({ hours }) => hours.map(({ runs }) => runs)));
  const levels = Math.min(mostShades, most);
  return Array.from({ length: levels }, (_, index) => ({
    least: Math.floor((index * most) / levels) + 1,
    most: Math.floor(((index + 1) * most) / levels),
  }));
}

/** From 1 on, the darkest; 0 where nothing runs. */
export function shadeOf({ runs }: Hour, shades: readonly Shade[]): number {
  return runs === 0 ? 0 : shades.findIndex(({ most }) => runs <= most) + 1;
}

export function shadeText({ least, most }: Shade): string {
  return least === most ? `${least}` : `${least} to ${most}`;
}
