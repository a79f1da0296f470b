/** What the functions for schedules load when they are first called. */
export { descriptionOf } from "./schedule/description";
export { scheduleProblem } from "./schedule/problem";
export { runsAfter } from "./schedule/runs";
