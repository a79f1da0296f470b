/** A program loads this file when it first calls a function for schedules. */
export { runsAfter } from "./schedule/runs";
export { descriptionOf, scheduleProblem } from "./schedule/schedule";
export { changedMinutes } from "./schedule/warnings";
