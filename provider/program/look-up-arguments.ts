import type * as pulumi from "@pulumi/pulumi";
import { runError } from "./provider";

/** What is looked for: one of the two. */
export type LookUpArgs =
  | {
      /** Costs one GET. An archived object is an error. */
      readonly id: string;
      /** One of the two is enough. */
      readonly name?: undefined;
    }
  | {
      /** As it stands at Qoder, the whole of it. All pages of the list are read; what is archived does not count. */
      readonly name: string;
      /** One of the two is enough. */
      readonly id?: undefined;
    };

/** {@link LookUpArgs} of which the value may come later. */
export type LookUpOutputArgs =
  | {
      /** Costs one GET. An archived object is an error. */
      readonly id: pulumi.Input<string>;
      /** One of the two is enough. */
      readonly name?: undefined;
    }
  | {
      /** As it stands at Qoder, the whole of it. */
      readonly name: pulumi.Input<string>;
      /** One of the two is enough. */
      readonly id?: undefined;
    };

/** Where a look-up asks. */
export interface LookUpOptions {
  /** A `QoderProvider`: the account to look in. Left out: that of `parent`, else the stack's configuration, else the environment. */
  readonly provider?: pulumi.ProviderResource | undefined;
  /** Whose provider counts where none is given. */
  readonly parent?: pulumi.Resource | undefined;
  /** For programs that pass their options on. `false` is an error: nothing can wait for the API in place. */
  readonly async?: boolean | undefined;
}

/** Where a look-up asks, and what it waits for. */
export interface LookUpOutputOptions extends LookUpOptions {
  /**
   * What must be there before the API is asked. In a preview in which it is not yet, what would be found is not known. Components
   * are refused: name those of their resources that are meant.
   */
  readonly dependsOn?: pulumi.Input<pulumi.Input<pulumi.Resource>[]> | pulumi.Input<pulumi.Resource> | undefined;
}

/** The outputs of a resource as plain values; those that are secret stay Outputs, so that nothing shows them by accident. */
export type LookedUp<Resource, Secret extends keyof Resource = never> = Values<
  Pick<Resource, OutputName<Resource>>,
  Secret
>;

/** TypeScript 3.8, which Pulumi brings for projects without a compiler, knows no `as` in a mapped type. */
type OutputName<Resource> = {
  [Name in keyof Resource]: Resource[Name] extends pulumi.OutputInstance<unknown> ? Exclude<Name, "urn"> : never;
}[keyof Resource];

type Values<Outputs, Secret> = {
  readonly [Name in keyof Outputs]: Name extends Secret
    ? Outputs[Name]
    : Outputs[Name] extends pulumi.OutputInstance<infer Value>
      ? Value
      : never;
};

export function checkOptions(called: string, options: object, known: readonly string[]): void {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const other = given.find(([name]) => !known.includes(name));
  if (other !== undefined) {
    throw runError(`${called}: ${other[0]} is not an option of it; the options are ${known.join(", ")}`);
  }
  if (given.some(([name, value]) => name === "async" && value !== true)) {
    throw runError(`${called}: async: false is not possible, as nothing can wait for the API in place`);
  }
}
