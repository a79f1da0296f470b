import ts from "typescript";

/** A resource that a program declares. */
export interface Declared {
  readonly label: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** What the program declares when it runs, in its order; a reference to a resource is what `outputs` says of that one. */
export function declaredBy(program: string, outputs: (name: string, label: string) => object = () => ({})): Declared[] {
  const declared: Declared[] = [];
  const classNamed = (label: string) =>
    class {
      constructor(name: string, args: Declared["args"]) {
        declared.push({ label, name, args });
        Object.assign(this, outputs(name, label));
      }
    };
  const options = { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } };
  const { outputText } = ts.transpileModule(program, options);
  const classes = new Proxy({}, { get: (_, label) => classNamed(String(label)) });
  new Function("require", "exports", outputText)(() => classes, {});
  return declared;
}
