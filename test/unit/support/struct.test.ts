import fc from "fast-check";
import { asAnswered, asReceived, propertiesOf, struct } from "../../support/struct";

/** Copies made by the message of the wire. */
const sent = (values: object) => JSON.stringify(struct(values).toJavaScript());

test("a copy without the wire has the values and the order that the message of the wire gives", () => {
  const values = fc.dictionary(fc.string(), fc.jsonValue());
  fc.assert(fc.property(values, (given) => expect(JSON.stringify(asReceived(given))).toBe(sent(given))));
  fc.assert(fc.property(values, (given) => expect(JSON.stringify(asAnswered(given))).toBe(sent(given))));
  expect(propertiesOf(struct({ __provider: "code", name: "daily" }))).toEqual({ name: "daily" });
});

test.each([
  ["undefined", { name: undefined }],
  ["undefined in a list", { names: [undefined] }],
  ["a function", { name: () => "daily" }],
  ["a large whole number", { count: 1n }],
])("an answer with %s is refused without the wire, too", (_, values) => {
  expect(() => asAnswered(values)).toThrow("A Struct holds no ");
});

test("a value that an answer inherits is sent, as by the message of the wire", () => {
  const inherited = Object.create({ name: "daily" });
  expect(asAnswered({ inherited })).toEqual({ inherited: { name: "daily" } });
});
