import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { transformSync } from "esbuild";
import * as ours from "../../provider";
import { programsIn } from "../../test/support/document-programs";

const modules: Readonly<Record<string, unknown>> = { "@pulumi/pulumi": pulumi, "pulumi-qoder": ours };

/** The first program of a document. */
export function firstProgramOf(file: string): string {
  const [program] = programsIn(file);
  if (program === undefined) {
    throw new Error(`${file} has no program`);
  }
  return program.text;
}

/** The program with a change, as a person edits it. */
export function edited(text: string, ...changes: readonly (readonly [from: string, to: string])[]): string {
  return changes.reduce((program, [from, to]) => {
    if (!program.includes(from)) {
      throw new Error(`the program has no ${from}`);
    }
    return program.replace(from, () => to);
  }, text);
}

/** A function that runs the text of a program, for each command of the CLI. */
export function running(text: string): PulumiFn {
  const { code } = transformSync(text, { loader: "ts", format: "cjs", target: "node20" });
  const run = new Function("require", "exports", "module", code);
  return async () => {
    const module = { exports: {} };
    run((name: string) => modules[name], module.exports, module);
  };
}
