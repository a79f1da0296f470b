import { join, resolve } from "node:path";
import ts from "typescript";
import { described } from "./words";

const repository = resolve(__dirname, "..", "..", "..");
const provider = join(repository, "provider");

/** One member of an interface of the package. */
export interface Member {
  readonly name: string;
  readonly type: ts.TypeNode;
  /** True if the member may be absent: SDKs in typed languages refuse a result without a required member. */
  readonly isOptional: boolean;
  /** Undefined if the member has no comment of its own. */
  readonly description: string | undefined;
}

function mayBeUndefined(type: ts.TypeNode): boolean {
  return ts.isUnionTypeNode(type) && type.types.some(({ kind }) => kind === ts.SyntaxKind.UndefinedKeyword);
}

/** The package as the compiler reads it: its exported names, with their types and comments. */
export class Declarations {
  readonly #exported: ReadonlyMap<string, ts.Symbol>;

  private constructor(
    readonly checker: ts.TypeChecker,
    source: ts.SourceFile,
  ) {
    const module = checker.getSymbolAtLocation(source);
    const names = module === undefined ? [] : checker.getExportsOfModule(module);
    this.#exported = new Map(names.map((symbol) => [symbol.name, this.resolved(symbol)]));
  }

  static read(): Declarations {
    const file = join(provider, "index.ts");
    const { config } = ts.readConfigFile(join(provider, "tsconfig.json"), ts.sys.readFile);
    const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, provider);
    const program = ts.createProgram([file], options);
    const source = program.getSourceFile(file);
    if (source === undefined) {
      throw new Error(`${file} cannot be read`);
    }
    return new Declarations(program.getTypeChecker(), source);
  }

  resolved(symbol: ts.Symbol): ts.Symbol {
    return symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  exported(name: string): ts.Symbol {
    const symbol = this.#exported.get(name);
    if (symbol === undefined) {
      throw new Error(`the package exports no ${name}`);
    }
    return symbol;
  }

  /** The symbol of a type that this package declares; undefined for other types. */
  named(node: ts.TypeReferenceNode): ts.Symbol | undefined {
    const symbol = this.checker.getSymbolAtLocation(node.typeName);
    const found = symbol === undefined ? undefined : this.resolved(symbol);
    return found?.declarations?.some((one) => one.getSourceFile().fileName.startsWith(provider)) ? found : undefined;
  }

  descriptionOf(symbol: ts.Symbol): string | undefined {
    return described(ts.displayPartsToString(symbol.getDocumentationComment(this.checker)));
  }

  /** The members of an interface or a literal, inherited ones included. */
  members(type: ts.Type): Member[] {
    return this.checker.getPropertiesOfType(type).flatMap((symbol) => {
      const declaration = symbol.declarations?.find(ts.isPropertySignature);
      return declaration?.type === undefined
        ? []
        : [
            {
              name: symbol.name,
              type: declaration.type,
              isOptional: declaration.questionToken !== undefined || mayBeUndefined(declaration.type),
              description: this.descriptionOf(symbol),
            },
          ];
    });
  }

  /** The folder of the kind that declares the symbol. */
  static folderOf(symbol: ts.Symbol): string {
    const [declaration] = symbol.declarations ?? [];
    const [, folder = ""] = /provider\/([\w-]+)\//.exec(declaration?.getSourceFile().fileName ?? "") ?? [];
    return folder;
  }
}
