import ts from "typescript";
import type { Declarations, Member } from "./declarations";
import { enumName, fewest, type Spec, shapeOf, type Types, unique, upper } from "./shapes";

/** The members with fractions. TypeScript does not show that all other numbers are whole. */
const fractions = ["credits", "creditsPerDay", "creditsPerMonth"];
const any: Spec = { $ref: "pulumi.json#/Any" };
/** The classes and the results of look-ups that a program of the SDK may write in place of an id. */
const programOnly = /^Qoder(?!\w*Args$)|^Get\w+Result$/;

/** The types that the arguments of the kinds need: each interface becomes one type, with its name. */
export class SchemaTypes {
  readonly types: Types = {};

  constructor(
    private readonly declarations: Declarations,
    private readonly secretMembers: ReadonlySet<string>,
  ) {}

  /** The spec of a type. `name`: the name for types without one of their own. */
  specOf(node: ts.TypeNode, name: string): Spec {
    return shapeOf(plainer(this.#options(node, name)), name, this.types);
  }

  /** The specs of all alternatives of a type. */
  #options(node: ts.TypeNode, name: string): Spec[] {
    if (ts.isParenthesizedTypeNode(node)) {
      return this.#options(node.type, name);
    }
    const words = constantsOf(node);
    if (words.length > 1) {
      return [this.#enum(words, name)];
    }
    if (ts.isUnionTypeNode(node)) {
      return node.types.flatMap((one) =>
        this.#options(one, ts.isTypeLiteralNode(one) ? `${name}${variantOf(one)}` : name),
      );
    }
    if (ts.isTypeOperatorNode(node)) {
      const isKey = node.operator === ts.SyntaxKind.KeyOfKeyword;
      return isKey ? [this.#enum(this.#words(node), name)] : this.#options(node.type, name);
    }
    if (ts.isArrayTypeNode(node)) {
      return [{ type: "array", items: this.specOf(node.elementType, name) }];
    }
    if (ts.isTypeLiteralNode(node)) {
      return [this.#object(this.declarations.checker.getTypeFromTypeNode(node), name, undefined)];
    }
    if (ts.isIndexedAccessTypeNode(node)) {
      // An element of an array of words is one of them.
      const isMemberOfArray = node.indexType.kind === ts.SyntaxKind.NumberKeyword;
      return isMemberOfArray ? [this.#enum(this.#words(node), name)] : this.#options(this.#member(node), name);
    }
    return ts.isTypeReferenceNode(node) ? this.#reference(node, name) : plain(node);
  }

  #reference(node: ts.TypeReferenceNode, name: string): Spec[] {
    const written = node.typeName.getText();
    const [first, second] = node.typeArguments ?? [];
    if (written === "Record" && second !== undefined) {
      return [{ type: "object", additionalProperties: this.specOf(second, name) }];
    }
    if (written === "IdInput") {
      return [{ type: "string" }, ...(second === undefined ? [] : this.#options(second, name))];
    }
    if (first !== undefined) {
      // Input, Readonly, Applied and NonNullable have the values of their type argument.
      return this.#options(first, name);
    }
    const symbol = this.declarations.named(node);
    if (symbol === undefined || programOnly.test(symbol.name)) {
      return [];
    }
    const own = nameOf(symbol);
    const alias = symbol.declarations?.find(ts.isTypeAliasDeclaration);
    return alias === undefined
      ? [
          this.#object(
            this.declarations.checker.getDeclaredTypeOfSymbol(symbol),
            own,
            this.declarations.descriptionOf(symbol),
          ),
        ]
      : fewest(plainer(this.#options(alias.type, own)), own, this.types, this.declarations.descriptionOf(symbol));
  }

  /** The spec of an interface that the package exports. */
  named(name: string): Spec {
    const symbol = this.declarations.exported(name);
    const type = this.declarations.checker.getDeclaredTypeOfSymbol(symbol);
    return this.#object(type, nameOf(symbol), this.declarations.descriptionOf(symbol));
  }

  /** The words of an array or of a table in the code, such as the kinds of remarks. */
  #words(node: ts.TypeNode): string[] {
    const type = this.declarations.checker.getTypeFromTypeNode(node);
    return type.isUnion() ? type.types.flatMap((one) => (one.isStringLiteral() ? [one.value] : [])).toSorted() : [];
  }

  /** A closed set of words, as one type for all members that have it. */
  #enum(words: readonly string[], name: string): Spec {
    const spec = { type: "string", enum: words.map((value) => ({ name: enumName(value), value })) };
    const [same] = Object.entries(this.types).find(([, one]) => JSON.stringify(one) === JSON.stringify(spec)) ?? [];
    const token = same ?? `qoder:index:${name}`;
    this.types[token] = spec;
    return { $ref: `#/types/${token}` };
  }

  #member({ objectType, indexType }: ts.IndexedAccessTypeNode): ts.TypeNode {
    const wanted = indexType.getText().replaceAll('"', "");
    const members = this.declarations.members(this.declarations.checker.getTypeFromTypeNode(objectType));
    const found = members.find(({ name }) => name === wanted);
    if (found === undefined) {
      throw new Error(`there is no member ${wanted}`);
    }
    return found.type;
  }

  #object(type: ts.Type, name: string, description: string | undefined): Spec {
    const token = `qoder:index:${name}`;
    if (!(token in this.types)) {
      // Registers the type before its members, because a member may have this type.
      this.types[token] = {};
      const members = this.declarations.members(type);
      const required = members.filter(({ isOptional }) => !isOptional).map((one) => one.name);
      this.types[token] = {
        ...(description === undefined ? {} : { description }),
        type: "object",
        properties: this.properties(members, name),
        ...(required.length === 0 ? {} : { required }),
      };
    }
    return { $ref: `#/types/${token}` };
  }

  properties(members: readonly Member[], owner: string): Record<string, Spec> {
    return Object.fromEntries(
      members.map(({ name, type, description }) => {
        const isSecret = this.secretMembers.has(name);
        const given = this.specOf(type, `${owner}${upper(name)}`);
        const spec = {
          ...(fractions.includes(name) ? { type: "number" } : given),
          ...(description === undefined ? {} : { description }),
        };
        return [name, isSecret ? { ...spec, secret: true } : spec];
      }),
    );
  }
}

/** Types whose name in the package is not that of their declaration, and an output that has the form of an argument. */
const otherNames: Readonly<Record<string, string>> = {
  AgentTeamMemberOutput: "AgentTeamMember",
  DeploymentRun: "DeploymentRunSummary",
};

/** The name by which the package exports the type: a type has the same name in TypeScript, in the schema and in the reference. */
function nameOf({ name }: ts.Symbol): string {
  return otherNames[name] ?? name;
}

/** The words of the member `type`, which distinguishes the literal from the other variants. */
function variantOf(node: ts.TypeLiteralNode): string {
  const type = node.members.filter(ts.isPropertySignature).find((member) => member.name.getText() === "type");
  const [first = ""] = constantsOf(type?.type);
  return enumName(first);
}

function constantsOf(node: ts.TypeNode | undefined): string[] {
  if (node === undefined) {
    return [];
  }
  if (ts.isUnionTypeNode(node)) {
    const all = node.types.filter(({ kind }) => kind !== ts.SyntaxKind.UndefinedKeyword).map(constantsOf);
    return all.every((one) => one.length > 0) ? all.flat() : [];
  }
  return ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal) ? [node.literal.text] : [];
}

function plain(node: ts.TypeNode): Spec[] {
  switch (node.kind) {
    case ts.SyntaxKind.StringKeyword:
      return [{ type: "string" }];
    case ts.SyntaxKind.NumberKeyword:
      return [{ type: "integer" }];
    case ts.SyntaxKind.BooleanKeyword:
      return [{ type: "boolean" }];
    case ts.SyntaxKind.UndefinedKeyword:
      return [];
    case ts.SyntaxKind.UnknownKeyword:
      return [any];
    default:
      return ts.isLiteralTypeNode(node) ? literal(node) : [];
  }
}

function literal({ literal: value }: ts.LiteralTypeNode): Spec[] {
  return ts.isStringLiteral(value) ? [{ type: "string", const: value.text }] : [{ type: "boolean" }];
}

/** Of several constants, plain texts, because a schema knows sets of constants only as types of their own. */
function plainer(options: readonly Spec[]): Spec[] {
  return options.length === 1 ? [...options] : unique(options.map(({ const: _, ...spec }) => spec));
}
