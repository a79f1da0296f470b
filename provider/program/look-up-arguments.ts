import type * as pulumi from "@pulumi/pulumi";
import { providersProblem, runError } from "./errors";

/** The object to look up: by its id or by its name. */
export type LookUpArgs =
  | {
      /** The id of the object; the look-up takes one GET. If the object is archived, the look-up fails. */
      readonly id: string;
      /** Give either `id` or `name`. */
      readonly name?: undefined;
    }
  | {
      /** The complete name at Qoder. The look-up reads all pages of the list and skips archived objects. */
      readonly name: string;
      /** Give either `id` or `name`. */
      readonly id?: undefined;
    };

/** {@link LookUpArgs} whose values may be Outputs. */
export type LookUpOutputArgs =
  | {
      /** The id of the object; the look-up takes one GET. If the object is archived, the look-up fails. */
      readonly id: pulumi.Input<string>;
      /** Give either `id` or `name`. */
      readonly name?: undefined;
    }
  | {
      /** The complete name at Qoder. The look-up reads all pages of the list and skips archived objects. */
      readonly name: pulumi.Input<string>;
      /** Give either `id` or `name`. */
      readonly id?: undefined;
    };

/** The options of a look-up. */
export interface LookUpOptions {
  /**
   * A `QoderProvider` whose account the look-up uses. Left out: the provider of `parent`, else the stack's configuration,
   * else the environment.
   */
  readonly provider?: pulumi.ProviderResource | undefined;
  /** The resource whose provider counts if `provider` is left out. */
  readonly parent?: pulumi.Resource | undefined;
  /**
   * Accepted for programs that pass their options on. `false` is an error, because a call of the API cannot be synchronous.
   */
  readonly async?: boolean | undefined;
}

/** The options of a look-up with arguments that are Outputs. */
export interface LookUpOutputOptions extends LookUpOptions {
  /**
   * The resources that must exist before the look-up asks the API. While a preview has to create one of them, the result is
   * unknown. Components are an error: name their resources.
   */
  readonly dependsOn?: pulumi.Input<pulumi.Input<pulumi.Resource>[]> | pulumi.Input<pulumi.Resource> | undefined;
}

/** The arguments that no request carries, so that no look-up knows them. */
type OfThisProvider = "limits" | "archiveInUse";

/** The outputs of a resource as plain values, without the arguments that only the program of the resource knows. Secret outputs stay Outputs, so that no program shows them by accident. */
export type LookedUp<Resource, Secret extends keyof Resource = never> = Values<
  Pick<Resource, OutputName<Resource>>,
  Secret
>;

/** TypeScript 3.8, which Pulumi uses for projects without a compiler of their own, has no `as` in a mapped type. */
type OutputName<Resource> = {
  [Name in keyof Resource]: Resource[Name] extends pulumi.OutputInstance<unknown>
    ? Exclude<Name, "urn" | OfThisProvider>
    : never;
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
    throw runError(
      other[0] === "providers"
        ? providersProblem(called)
        : `${called}: ${other[0]} is not an option of it; the options are ${known.join(", ")}`,
    );
  }
  if (given.some(([name, value]) => name === "async" && value !== true)) {
    throw runError(`${called}: async: false is not possible, as nothing can wait for the API in place`);
  }
}
