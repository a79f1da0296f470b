/** When a deployment runs: five cron fields, read on the wall clock of an IANA time zone. */
export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
}
