/** What the functions for schedules load when they are first called. */
export { runsAfter } from "./schedule/runs";
export { descriptionOf, scheduleProblem } from "./schedule/schedule";
