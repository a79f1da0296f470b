import ts from "typescript";
import { withInitialEvents } from "../../../provider/kinds/table";
import { whenKnown } from "../../../provider/program/inputs";

/** A resource that a program declares. */
export interface Declared {
  readonly label: string;
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
}

/** The arguments with the short forms of first messages expanded, as the class of a deployment does it. */
export function expandedArguments(args: Declared["args"] = {}): Declared["args"] {
  return args["initialEvents"] === undefined ? args : withInitialEvents(args, whenKnown);
}

/** Runs the program and returns the resources in its order; `outputs` gives the values of references to a resource. */
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
  const sdk = { Config: class {} };
  new Function("require", "exports", outputText)((module: string) => (module === "pulumi-qoder" ? classes : sdk), {});
  return declared;
}
