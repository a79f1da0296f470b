import type { Latitude } from "../qoder-api/latitude";
import { hash, seedGiven } from "../qoder-api/latitude";

/** Files that run in groups have their name before the name of each test. */
const fileBefore = /^test\/\S+\.test\.ts /;

/** Begins the latitude of the present test, which follows from its name. test/support/test-environment.cjs prints its report after a failure. */
export function beginLatitude(latitude: Latitude): void {
  const { currentTestName = "" } = expect.getState();
  const name = currentTestName.replace(fileBefore, "");
  const [own, seed] = [hash(name), seedGiven(hash(name))];
  // The tests of a file share a mock: under one seed for all of them, each has choices of its own, so that no id comes twice.
  latitude.begin(seed, seed === own ? "" : name);
  reports().set(latitude, () => latitude.report());
}

/** The environment of the tests empties the map before each test. */
function reports(): Map<unknown, () => string | undefined> {
  const found: unknown = Reflect.get(globalThis, "latitudeReports");
  if (!(found instanceof Map)) throw new Error("the test does not run in test/support/test-environment.cjs");
  return found;
}
