import { timezoneProblem } from "../schedule/timezone";

/** The time zone of this machine; UTC if Node.js has no name for it, as for the TZ `UTC+3`. */
export function localTimeZone(): string {
  const { timeZone }: { readonly timeZone: string | undefined } = new Intl.DateTimeFormat().resolvedOptions();
  return timeZone === undefined || timezoneProblem(timeZone) !== undefined ? "UTC" : timeZone;
}
