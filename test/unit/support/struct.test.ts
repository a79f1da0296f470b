import fc from "fast-check";
import { asAnswered, asReceived, struct } from "../../support/struct";

/** A copy made by the message of the wire. */
const sent = (values: object) => JSON.stringify(struct(values).toJavaScript());

/** `toJavaScript` loses a member with this name, and no argument or output has it. */
const hasNoPrototypeMember = (values: object) => !JSON.stringify(values).includes('"__proto__"');

test("a copy without the wire has the same values in the same order as the message of the wire", () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue()).filter(hasNoPrototypeMember);
  fc.assert(fc.property(values, (given) => expect(JSON.stringify(asReceived(given))).toBe(sent(given))));
  fc.assert(fc.property(values, (given) => expect(JSON.stringify(asAnswered(given))).toBe(sent(given))));
});

test.each([
  ["undefined", { name: undefined }],
  ["undefined in a list", { names: [undefined] }],
  ["a function", { name: () => "daily" }],
  ["a large whole number", { count: 1n }],
])("a copy without the wire refuses an answer with %s", (_, values) => {
  expect(() => asAnswered(values)).toThrow("A Struct holds no ");
});
