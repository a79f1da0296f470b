"use strict";

/**
 * The date of this machine, so many days later, for `setupFiles` of jest: a test that passes today and not in six weeks depends on the date. The
 * clock of the tests itself (skipping-clock.ts) begins on one day, whatever the date is.
 */
const aheadMs = Number(process.env.TEST_DAYS_AHEAD) * 86_400_000;
const { now } = Date;

globalThis.Date = class extends Date {
  constructor(...given) {
    super(...(given.length === 0 ? [now() + aheadMs] : given));
  }

  static now() {
    return now() + aheadMs;
  }
};
