import ts from "typescript";

/** A stretch of the text of a file. */
interface Span {
  readonly start: number;
  readonly end: number;
}

/** One small defect: the text that takes the place of `span`, and the expression that a test must evaluate to meet the defect. */
export interface Mutation {
  readonly span: Span;
  readonly text: string;
  readonly site: Span;
}

const replaced = new Map<ts.SyntaxKind, string>([
  [ts.SyntaxKind.AmpersandAmpersandToken, "||"],
  [ts.SyntaxKind.BarBarToken, "&&"],
  [ts.SyntaxKind.EqualsEqualsEqualsToken, "!=="],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, "==="],
  [ts.SyntaxKind.LessThanToken, "<="],
  [ts.SyntaxKind.LessThanEqualsToken, "<"],
  [ts.SyntaxKind.GreaterThanToken, ">="],
  [ts.SyntaxKind.GreaterThanEqualsToken, ">"],
  [ts.SyntaxKind.MinusToken, "+"],
  [ts.SyntaxKind.AsteriskToken, "/"],
  [ts.SyntaxKind.SlashToken, "*"],
]);

const opposite = new Map([
  ["some", "every"],
  ["every", "some"],
]);

/** All defects that this tool can make in a file. Texts stay as they are, since only a test that repeats them would notice. */
export function mutationsIn(file: ts.SourceFile, checker: ts.TypeChecker): readonly Mutation[] {
  const found: Mutation[] = [];
  const spanOf = (node: ts.Node): Span => ({ start: node.getStart(file), end: node.end });
  const add = (node: ts.Node, text: string, site: ts.Node = node) => {
    found.push({ span: spanOf(node), text, site: spanOf(site) });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return;
    for (const [mutated, text, site] of defects(node, file, checker)) {
      if (mutated.getText(file) !== text) add(mutated, text, site);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

type Defect = readonly [mutated: ts.Node, text: string, site?: ts.Node];

function defects(node: ts.Node, file: ts.SourceFile, checker: ts.TypeChecker): readonly Defect[] {
  const textOf = (one: ts.Node) => one.getText(file);
  if (ts.isBinaryExpression(node)) return ofOperator(node, textOf, checker);
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    return [[node, `(${textOf(node.operand)})`]];
  }
  if (ts.isConditionalExpression(node)) return ofCondition(node.condition, textOf);
  if (ts.isIfStatement(node)) return ofCondition(node.expression, textOf);
  if (ts.isReturnStatement(node) && node.expression) return ofResult(node.expression, textOf, checker);
  if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) return ofResult(node.body, textOf, checker);
  if (ts.isExpressionStatement(node) && isCall(node.expression)) return [[node.expression, "undefined"]];
  return ofValue(node);
}

function ofValue(node: ts.Node): readonly Defect[] {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const other = opposite.get(node.expression.name.text);
    return other ? [[node.expression.name, other, node]] : [];
  }
  if (ts.isNumericLiteral(node) && !ts.isPropertyAssignment(node.parent)) return [[node, `(${node.text} + 1)`]];
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [[node, "false"]];
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [[node, "true"]];
  return [];
}

function isCall(expression: ts.Expression): boolean {
  const call = ts.isAwaitExpression(expression) ? expression.expression : expression;
  return ts.isCallExpression(call) && call.expression.kind !== ts.SyntaxKind.SuperKeyword;
}

function ofCondition(condition: ts.Expression, textOf: (node: ts.Node) => string): readonly Defect[] {
  // Both keep what the compiler concludes from the condition where it is true, or false.
  return [
    [condition, `((${textOf(condition)}) && false)`],
    [condition, `((${textOf(condition)}) || true)`],
  ];
}

function ofOperator(
  node: ts.BinaryExpression,
  textOf: (node: ts.Node) => string,
  checker: ts.TypeChecker,
): readonly Defect[] {
  const { kind } = node.operatorToken;
  const isNumber = (one: ts.Node) => (checker.getTypeAtLocation(one).flags & ts.TypeFlags.NumberLike) !== 0;
  if (kind === ts.SyntaxKind.QuestionQuestionToken) return [[node, `(${textOf(node.right)})`]];
  if (kind === ts.SyntaxKind.PlusToken) {
    return isNumber(node.left) && isNumber(node.right) ? [[node.operatorToken, "-", node]] : [];
  }
  const text = replaced.get(kind);
  return text ? [[node.operatorToken, text, node]] : [];
}

function ofResult(
  expression: ts.Expression,
  textOf: (node: ts.Node) => string,
  checker: ts.TypeChecker,
): readonly Defect[] {
  const type = checker.getTypeAtLocation(expression);
  const has = (flags: ts.TypeFlags) => (type.flags & flags) !== 0;
  if (has(ts.TypeFlags.BooleanLike)) return [[expression, `!(${textOf(expression)})`]];
  if (has(ts.TypeFlags.StringLike)) return [[expression, '""']];
  if (has(ts.TypeFlags.NumberLike)) return [[expression, "0"]];
  if (checker.isArrayType(type)) return [[expression, "[]"]];
  return [[expression, "undefined"]];
}
