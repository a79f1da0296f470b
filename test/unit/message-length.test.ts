import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { QoderApiError, QoderConnectionError, QoderReplyError, QoderTimeLimitError } from "../../provider/api/errors";
import { loadedKinds } from "../../provider/loaded-kinds";
import { withAdvice } from "../../provider/resource/kind/advice";
import { filesBelow } from "../../tools/mutants/test-files";

const repository = resolve(__dirname, "..", "..");
/** Three lines of 100 columns. */
const longest = 300;

/** Texts above the limit, each by its beginning: lists of names, and pages that a person asked for. */
const allowed: readonly (readonly [beginning: string, reason: string])[] = [
  ["Usage: npx pulumi-qoder COMMAND", "the help of all commands"],
  ["Writes a TypeScript program that declares", "the help of one command"],
  ["Shows the credits that deployments have spent", "the help of one command"],
  ["Pauses deployments, so that", "the help of one command"],
];

/** A typical value for a placeholder: an id, a name, a number or a word. A message of the service is measured with the whole. */
function typical(expression: string): string {
  if (/\bid\b|Id\b/.test(expression)) {
    return "dep_7f3k2m9x";
  }
  return /message|reason/i.test(expression)
    ? "POST /deployments was answered with 404 not_found_error: Not found"
    : "daily-run";
}

/** The text of an expression with typical values; undefined if it is none. Of two texts the longer one counts. */
function textOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>, depth = 0): string | undefined {
  const inner = (one: ts.Expression): string =>
    (depth < 4 ? textOf(one, constants, depth + 1) : undefined) ?? typical(one.getText());
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => inner(span.expression) + span.literal.text).join("");
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [node.left, node.right].map((one) => textOf(one, constants, depth));
    return left === undefined && right === undefined
      ? undefined
      : (left ?? inner(node.left)) + (right ?? inner(node.right));
  }
  if (ts.isParenthesizedExpression(node)) {
    return textOf(node.expression, constants, depth);
  }
  if (ts.isConditionalExpression(node)) {
    const texts = [node.whenTrue, node.whenFalse].map((one) => textOf(one, constants, depth) ?? "");
    return texts.sort((one, other) => other.length - one.length)[0];
  }
  const value = ts.isIdentifier(node) && depth > 0 ? constants.get(node.text) : undefined;
  return value && textOf(value, constants, depth + 1);
}

/** Every text in a file that is not a part of another one, with its line. Texts in words only: a path has no space. */
function textsIn(file: string, source: string): { readonly place: string; readonly text: string }[] {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
  const constants = new Map<string, ts.Expression>();
  const texts: { place: string; text: string }[] = [];
  const collect = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      constants.set(node.name.text, node.initializer);
    }
    ts.forEachChild(node, collect);
  };
  const visit = (node: ts.Node): void => {
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateExpression(node) || ts.isBinaryExpression(node);
    const text = isText ? textOf(node, constants) : undefined;
    if (text?.includes(" ")) {
      const line = tree.getLineAndCharacterOfPosition(node.getStart()).line + 1;
      texts.push({ place: `${file}:${line}`, text });
    }
    ts.forEachChild(node, visit);
  };
  collect(tree);
  visit(tree);
  return texts;
}

const files = ["provider", "command"].flatMap((folder) => filesBelow(folder, ".ts"));
/** Texts of these files are no messages: pictures, tables of kinds and programs that the import writes. */
const notMessages = ["command/svg.ts", "command/import/texts.ts"];

test("no message of the code has more than 300 characters, except for lists and pages of help", () => {
  const texts = files
    .filter((file) => !notMessages.includes(file))
    .flatMap((file) => textsIn(file, readFileSync(join(repository, file), "utf8")));
  expect(texts.length).toBeGreaterThan(500);
  const isAllowed = (text: string) => allowed.some(([beginning]) => text.startsWith(beginning));
  const tooLong = texts.filter(({ text }) => text.length > longest && !isAllowed(text));
  expect(tooLong.map(({ place, text }) => `${place} has ${text.length}: ${text}`)).toEqual([]);
});
const caller = { tokenSource: "QODER_PAT", workspace: undefined };
const refusals = [400, 401, 403, 404, 409, 429, 503].flatMap((status) =>
  ([400, 404, 409].includes(status) ? [undefined, "agent"] : [undefined]).map((param) => {
    const details = { type: "api_error", message: "Not found.", param, requestId: "req_7f3k2m9x" };
    return Object.assign(new QoderApiError("POST /deployments/dep_7f3k2m9x", status, details), { caller });
  }),
);
const errors = [
  ...refusals,
  new QoderConnectionError("POST /deployments/dep_7f3k2m9x", false, "read ECONNRESET"),
  new QoderConnectionError("POST /deployments/dep_7f3k2m9x", true, "read ECONNRESET"),
  new QoderTimeLimitError("POST /deployments/dep_7f3k2m9x", true, { wholeMs: 300_000 }),
  new QoderReplyError("POST /deployments/dep_7f3k2m9x", 200, "its body is not JSON", "req_7f3k2m9x"),
];

test.each(["create", "update", "read", "delete"])(
  "an error of %s with its remedy has at most two lines, and 300 characters with a short id and name",
  (operation) => {
    const messages = Object.values(loadedKinds)
      .map((load) => load())
      .flatMap((kind) =>
        errors.map((error) => {
          const text = withAdvice(error.message, error, operation, kind);
          return `${kind.label} "daily" (dep_7f3k2m9x): ${operation} failed: ${text}`;
        }),
      );
    expect(messages.filter((text) => text.length > longest || text.split("\n").length > 2)).toEqual([]);
  },
);
