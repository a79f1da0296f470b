import { formatPath } from "../../provider/resource/check/problems";
import { rowOf } from "../kinds/deployment";
import { argumentNames, check } from "../support/deployment";

/** A deployment with every kind of object that an argument can hold, each with all of its members. */
const everyShape = Object.fromEntries(
  argumentNames.map((name) => {
    const { value, everyShape = value } = rowOf(name);
    return [name, everyShape];
  }),
);

type Path = readonly (string | number)[];
interface Place {
  readonly path: Path;
  readonly value: unknown;
}

function places(value: unknown, path: Path = []): Place[] {
  if (typeof value !== "object" || value === null) {
    return [{ path, value }];
  }
  const inner = Array.isArray(value)
    ? value.flatMap((element, index) => places(element, [...path, index]))
    : Object.entries(value).flatMap(([name, member]) => places(member, [...path, name]));
  return [{ path, value }, ...inner];
}

const isMap = (name: unknown) => name === "metadata" || name === "environmentVariables";
const all = places(everyShape).filter(({ path }) => path.length > 0);
const objects = all.filter(
  ({ path, value }) => typeof value === "object" && !Array.isArray(value) && !isMap(path.at(-1)),
);

/** The failures after `change` has replaced the value at the path; undefined removes the member. */
function failuresWith(place: Place, change: (value: unknown) => unknown): readonly string[] {
  const changed = (value: unknown, path: Path): unknown => {
    if (path.length === place.path.length && path.every((part, index) => part === place.path[index])) {
      return change(value);
    }
    if (Array.isArray(value)) {
      return value.map((element, index) => changed(element, [...path, index]));
    }
    return value instanceof Object
      ? Object.fromEntries(Object.entries(value).map(([name, member]) => [name, changed(member, [...path, name])]))
      : value;
  };
  return check({}, Object(changed(everyShape, []))).failures;
}

const named = ({ path }: Place) => formatPath(path);

test("the check accepts every shape that the API documents", () => {
  expect(check({}, everyShape).failures).toEqual([]);
});

test.each(objects.map((place) => [named(place), place] as const))(
  "the check reports an unknown member of %s, and lists the known members",
  (path, place) => {
    const failures = failuresWith(place, (value) => ({ ...Object(value), zzzzzz: 1 }));
    expect(failures).toEqual([expect.stringContaining(`${path}.zzzzzz: is not known here; known are `)]);
    const known = failures[0]?.split("known are ")[1]?.split(", ");
    expect(known?.sort()).toEqual(Object.keys(Object(place.value)).sort());
  },
);

test("the check reports a value of a wrong type in any place, with its path", () => {
  for (const place of all) {
    const failures = failuresWith(place, (value) => (typeof value === "boolean" ? "true" : false));
    expect(failures).not.toEqual([]);
    expect(failures.filter((failure) => !failure.startsWith(named(place)))).toEqual([]);
  }
});

test("the check refuses 1.5 in place of each number, except for credits", () => {
  const numbers = all.filter((place) => typeof place.value === "number" && !/\.credits/.test(named(place)));
  expect(numbers.length).toBeGreaterThan(4);
  for (const place of numbers) {
    expect(failuresWith(place, () => 1.5)).toEqual([`${named(place)}: is not a whole number`]);
  }
});
