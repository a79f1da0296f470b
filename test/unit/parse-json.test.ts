import { parseJson } from "../../provider/api/parse-json";
import { cpuSeconds } from "../support/cpu-seconds";

const nested = (levels: number, inner = "") => `${'{"a":['.repeat(levels / 2)}${inner}${"]}".repeat(levels / 2)}`;

test.each(["{}", "[]", "null", "0", '"x"', '{"id":"dep_1","list":[1,{"b":null}],"__proto__":{"c":1}}'])(
  "parseJson reads %s unchanged",
  (text) => {
    const { value, isCut } = parseJson(text);
    expect(JSON.stringify(value)).toBe(text);
    expect(isCut).toBe(false);
  },
);

test.each(["", "{", "undefined", '{"a":1}}'])("parseJson gives undefined for %j", (text) => {
  expect(parseJson(text)).toEqual({ value: undefined, isCut: false });
});

test("parseJson reads a hundred levels", () => {
  expect(parseJson(nested(100))).toEqual({ value: JSON.parse(nested(100)), isCut: false });
});

test.each([102, 100_000])("parseJson cuts %i levels to the first hundred", (levels) => {
  const text = `{"id":"dep_1","later":${nested(levels)},"name":"daily"}`;
  const { value, isCut } = parseJson(text);
  expect(value).toMatchObject({ id: "dep_1", name: "daily" });
  expect(isCut).toBe(true);
  expect(JSON.stringify(value)).toContain("null");
});

test("parseJson replaces half characters in values and names by U+FFFD", () => {
  const { value } = parseJson('{"a":"\\ud83d","b\\udc00":["\\ud83d\\ude00","\\ude00\\ud83d"],"__proto__":"\\ud800"}');
  expect(JSON.stringify(value)).toBe('{"a":"\ufffd","__proto__":"\ufffd","b\ufffd":["\ud83d\ude00","\ufffd\ufffd"]}');
});

test("parseJson reads two million characters in less than 10 seconds", () => {
  const seconds = cpuSeconds(() => {
    parseJson(`[${"0,".repeat(1_000_000)}0]`);
    parseJson(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`);
  });
  expect(seconds).toBeLessThan(10);
});
