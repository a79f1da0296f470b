import { timezoneProblem } from "../schedule/timezone";

/** UTC where the runtime has no name for it, as with the TZ of `UTC+3`. */
export function localTimeZone(): string {
  const { timeZone }: { readonly timeZone: string | undefined } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timezoneProblem(timeZone) !== undefined ? "UTC" : timeZone;
}
