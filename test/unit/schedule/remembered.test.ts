import { remembered } from "../../../provider/schedule/remembered";
import { check } from "../../support/deployment";
import { required } from "../declared";

test("what was made of a text is made once, also where it is undefined, until others push it out", () => {
  const made: string[] = [];
  const make = remembered(2, (text) => {
    made.push(text);
    return text === "none" ? undefined : text.length;
  });
  expect(["a", "none", "a", "none"].map(make)).toEqual([1, undefined, 1, undefined]);
  expect(made).toEqual(["a", "none"]);
  expect(["bb", "none", "a"].map(make)).toEqual([2, undefined, 1]);
  expect(made).toEqual(["a", "none", "bb", "a"]);
});

test("the clock of a zone is made once for all deployments", () => {
  const made = jest.spyOn(Intl, "DateTimeFormat");
  for (const hour of [1, 2, 3]) {
    check({}, { ...required, schedule: { expression: `0 ${hour} * * *`, timezone: "America/Boise" } });
  }
  expect(made).toHaveBeenCalledTimes(1);
  made.mockRestore();
});
