import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";

const repository = resolve(__dirname, "..", "..");

interface Argument {
  /** The type in words for a person: without `pulumi.Input`, `readonly` and `undefined`. */
  readonly type: string;
  readonly required: boolean;
}

/** The members of an interface of arguments, by their names. */
export function argumentsOf(file: string, name: string): ReadonlyMap<string, Argument> {
  const source = ts.createSourceFile(file, readFileSync(join(repository, file), "utf8"), ts.ScriptTarget.Latest, true);
  const declaration = source.statements.find(
    (statement) => ts.isInterfaceDeclaration(statement) && statement.name.text === name,
  );
  if (declaration === undefined || !ts.isInterfaceDeclaration(declaration)) {
    throw new Error(`${file} has no interface ${name}`);
  }
  return new Map(
    declaration.members.filter(ts.isPropertySignature).map(({ name: member, type, questionToken }) => {
      if (type === undefined) {
        throw new Error(`${name}.${member.getText()} has no type`);
      }
      return [member.getText(), { type: shortened(type), required: questionToken === undefined }];
    }),
  );
}

function shortened(type: ts.TypeNode): string {
  if (ts.isParenthesizedTypeNode(type) || ts.isTypeOperatorNode(type)) {
    return shortened(type.type);
  }
  if (ts.isUnionTypeNode(type)) {
    const members = type.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).map(shortened);
    return [...new Set(members)].join(" | ");
  }
  if (ts.isArrayTypeNode(type)) {
    const element = shortened(type.elementType);
    return element.includes(" | ") ? `(${element})[]` : `${element}[]`;
  }
  if (ts.isTypeLiteralNode(type)) {
    const members = type.members.filter(ts.isPropertySignature);
    return `{ ${members.map((member) => `${member.name.getText()}${member.questionToken === undefined ? "" : "?"}`).join(", ")} }`;
  }
  return ts.isTypeReferenceNode(type) ? shortenedReference(type) : type.getText();
}

function shortenedReference(type: ts.TypeReferenceNode): string {
  const [first, second] = type.typeArguments ?? [];
  const name = type.typeName.getText();
  if (first !== undefined && ["pulumi.Input", "Readonly"].includes(name)) {
    return shortened(first);
  }
  if (first !== undefined && name === "Named") {
    return [first, ...(second === undefined ? [] : [second])].map(shortened).toSpliced(1, 0, "string").join(" | ");
  }
  return name === "Record" && second !== undefined ? `map of ${shortened(second)}` : type.getText();
}
