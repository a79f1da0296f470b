import * as fc from "fast-check";
import {
  environmentVariableNameProblem,
  environmentVariableValueProblem,
  formatEnvironmentVariables,
  parseEnvironmentVariables,
} from "../../provider/deployment/argument-rows";
import { environmentVariables, variableName, variableValue } from "./arbitraries";

test("writing and reading a map gives the same map", () => {
  fc.assert(
    fc.property(environmentVariables, (variables) => {
      expect(parseEnvironmentVariables(formatEnvironmentVariables(variables))).toEqual(variables);
    }),
  );
});

test("the order of a map does not change the written string", () => {
  fc.assert(
    fc.property(environmentVariables, (variables) => {
      const reversed = Object.fromEntries(Object.entries(variables).reverse());
      expect(formatEnvironmentVariables(reversed)).toBe(formatEnvironmentVariables(variables));
    }),
  );
});

test("reading accepts both separators, in any mix and number", () => {
  const separator = fc.constantFrom(";", "\n", "\r\n", ";\n", "\n\n", "; ");
  fc.assert(
    fc.property(environmentVariables, separator, separator, (variables, between, around) => {
      const pairs = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
      expect(parseEnvironmentVariables(around + pairs.join(between) + around)).toEqual(variables);
    }),
  );
});

test("the check accepts valid names and values, and refuses each value that is read as a second variable", () => {
  fc.assert(
    fc.property(variableName, variableValue, fc.string({ maxLength: 12 }), (name, value, any) => {
      expect(environmentVariableNameProblem(name)).toBeUndefined();
      expect(environmentVariableValueProblem(value)).toBeUndefined();
      const isCarried = environmentVariableValueProblem(any) === undefined;
      const parsed = parseEnvironmentVariables(`${name}=${any}`);
      expect(parsed[name] === any && Object.keys(parsed).length === 1).toBe(isCarried);
    }),
  );
});

test.each<[string, Record<string, string>]>([
  ["FEATURE_FLAG=on\nLOG_LEVEL=info", { FEATURE_FLAG: "on", LOG_LEVEL: "info" }],
  ["", {}],
  ["A=", { A: "" }],
  ["A=1=2", { A: "1=2" }],
  ["  A = 1 ", { A: " 1 " }],
  ["no equals sign;A=1", { A: "1" }],
  ["=value;A=1", { A: "1" }],
])("%j is read as %j", (text, variables) => {
  expect(parseEnvironmentVariables(text)).toEqual(variables);
});

const notName = (name: string) => `"${name}" is not a variable name: letters, digits and _, not starting with a digit`;
const reserved = (name: string) =>
  `"${name}" is reserved by Qoder (SERVER_ENDPOINT, USER_ID, WORK_DIR and names that start with CAW_ or QODER_)`;

test.each([
  ["A", undefined],
  ["_", undefined],
  ["QODER", undefined],
  ["user_id", undefined],
  ["", notName("")],
  ["9A", notName("9A")],
  ["A=B", notName("A=B")],
  ["É", notName("É")],
  ["SERVER_ENDPOINT", reserved("SERVER_ENDPOINT")],
  ["WORK_DIR", reserved("WORK_DIR")],
  ["CAW_", reserved("CAW_")],
  ["QODER_PAT", reserved("QODER_PAT")],
])("the check of the name %j says %j", (name, problem) => {
  expect(environmentVariableNameProblem(name)).toBe(problem);
});

test.each([";", "\n", "\r", "a;b", "a\r\n"])("the check refuses the value %j", (value) => {
  expect(environmentVariableValueProblem(value)).toBe(
    "the value holds ; or a line break, which the API reads as the next variable",
  );
});
