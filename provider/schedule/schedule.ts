/** When a deployment runs: five cron fields, read on the wall clock of an IANA time zone. */
export interface Schedule {
  /** Five cron fields, such as `0 9 * * 1-5`. */
  readonly expression: string;
  /** An IANA name, such as `Asia/Shanghai`. */
  readonly timezone: string;
}
