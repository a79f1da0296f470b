import ts from "typescript";
import { mutationsIn } from "../../../tools/mutants/mutations";
import { worse } from "../../../tools/mutants/table";

/** The text with each of its defects. */
function defectsOf(text: string): string[] {
  const host = ts.createCompilerHost({});
  const file = ts.createSourceFile("one.ts", text, ts.ScriptTarget.ES2022, true);
  const getSourceFile: typeof host.getSourceFile = (name, options) =>
    name === "one.ts" ? file : host.getSourceFile(name, options);
  const program = ts.createProgram(["one.ts"], { noLib: true, types: [] }, { ...host, getSourceFile });
  return mutationsIn(file, program.getTypeChecker()).map(
    ({ span, text: defect }) => text.slice(0, span.start) + defect + text.slice(span.end),
  );
}

test.each<[text: string, defects: readonly string[]]>([
  ["declare const a: boolean, b: boolean; const c = |a && b|;", ["a || b"]],
  ["declare const n: number; const c = |n + n|;", ["n - n"]],
  ["declare const s: string; const c = |s + s|;", []],
  ["const c = |1 < 2|;", ["1 <= 2", "(1 + 1) < 2", "1 < (2 + 1)"]],
  ["declare const a: boolean; const c = |!a|;", ["(a)"]],
  ["declare function f(): void; if (|c) f()|;", ["((c) && false)) f()", "((c) || true)) f()", "c) undefined"]],
  ["function f(): string { return |s|; } declare const s: string;", ['""']],
  ["const yes = |true|;", ["false"]],
  ['import { a } from "b"; type Two = |2|;', []],
])("%s has between the lines the defects %j", (text, defects) => {
  const [before, inner = "", after] = text.split("|");
  expect(defectsOf(`${before}${inner}${after}`)).toEqual(defects.map((defect) => `${before}${defect}${after}`));
});

test("a mutant that died and lives is worse, wherever its line is now, and one that lived before is not", () => {
  const shared = { shown: "a\nb", files: 1, seconds: 1 };
  const before = [
    { ...shared, key: "one", place: "a.ts:1", killedBy: "a.test.ts: finds it" },
    { ...shared, key: "two", place: "a.ts:2" },
  ];
  const now = [
    { ...shared, key: "one", place: "a.ts:9" },
    { ...shared, key: "two", place: "a.ts:10" },
  ];
  expect(worse(before, now)).toEqual(["a.ts:9  a  →  b"]);
  expect(worse(before, before)).toEqual([]);
});
