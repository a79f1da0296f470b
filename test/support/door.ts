/** The program that the engine would start: the server of dynamic providers, or the plugin. */
export const doors = ["dynamic", "plugin"] as const;
export type Door = (typeof doors)[number];

let present: Door = "dynamic";

/** The door of a world that was started through none. */
export function presentDoor(): Door {
  return present;
}

/** Sets the door for one test, or for each test of a block in its `beforeEach`. */
export function useDoor(door: Door): void {
  present = door;
}

// Jest loads this file before each test file, so no test has to put the door back.
afterEach(() => {
  present = "dynamic";
});
