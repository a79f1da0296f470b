import { z } from "zod";
import { nameInUrn, repeatedArguments } from "../kinds/table";
import { expandedArguments } from "../program/expanded-arguments";
import { providerOf } from "../provider-of";
import { reasonToReplace } from "../resource/compare/replaced-places";
import { isObject, type Properties, same } from "../resource/kind/program-values";
import type { KindProvider } from "../resource/provider";
import { holdsSecret, secretPlaces, statePlaces } from "../resource/state/hidden-texts";
import { complete, hiddenInputs } from "../resource/state/state";
import type { Served } from "./kinds";
import { bare, mapped, markedAs, secret, unknownValue, whenKnown, withMembers } from "./marks";
import type { CallSettings } from "./settings";

/** The members of an error after which an object exists. */
export const leftBehind = z.object({
  id: z.string(),
  reasons: z.array(z.string()),
  properties: z.record(z.string(), z.unknown()),
});

interface Autonaming {
  /** The name in place of the Pulumi name; empty for none. */
  readonly proposedName: string;
  /** True if the program has to give each name. */
  readonly isOff: boolean;
}

/**
 * The resources of one kind, for an engine that marks secrets: removes the marks from the values of the engine, and adds them to the
 * answers of the kind. All values here have their marks, those of the kind have none.
 */
export class Resources {
  readonly #provider: KindProvider;
  /** Null for each argument, before the set ones: a generated SDK takes an absent output for unknown in every preview. */
  readonly #unset: Properties;

  constructor(
    private readonly served: Served,
    private readonly door: CallSettings,
  ) {
    this.#provider = providerOf(served.kind, door.session);
    this.#unset = mapped(served.kind.fields, () => null);
    void this.#provider.configure({ config: door.configuration });
  }

  /** `autonaming`: what the settings of the stack say about the names that the program leaves out. */
  async check(origin: string, olds: Properties, news: Properties, autonaming?: Autonaming) {
    const drawn = autonaming?.proposedName || undefined;
    const name = drawn ?? nameInUrn(origin);
    const { given, read, defaultName } = expandedArguments(this.served, news, name, { whenKnown });
    const declared = {
      ...given,
      __origin: origin,
      __command: {
        ...this.door.command,
        secretPlaces: this.#secretPlaces(given),
        source: read,
        defaultName,
      },
    };
    const { inputs = {}, failures = [] } = await this.#provider.check(this.#bare(olds), this.#bare(declared));
    const { __provider: _, ...checked } = inputs;
    const missing =
      autonaming?.isOff === true && typeof defaultName === "string"
        ? [`${defaultName}: is missing, and pulumi:autonaming of this stack is disabled`]
        : [];
    const reasons = failures.map(({ reason }) => reason);
    return { inputs: this.#marked(checked, given, olds), failures: [...missing, ...reasons] };
  }

  diff(id: string, olds: Properties, news: Properties, ignoreChanges: readonly string[] = []) {
    return this.#provider.diff(id, this.#bare(olds), { ...this.#bare(news), __command: { ignoreChanges } });
  }

  /**
   * The inputs of `pulumi do ... patch`, which reads an object and replaces whole arguments. Of an argument of which a program owns
   * only the keys that it gives, the keys of the object stay: that a read describes them claims none of them.
   */
  withOthersKeys(olds: Properties, news: Properties): Properties {
    return mapped(news, (name, value) => {
      const [older, newer] = [olds, news].map((one) => bare({ value: one[name] })["value"]);
      const { inParts, leftOut } = this.served.kind.fields[name] ?? {};
      const isShared = inParts !== undefined && leftOut === "untouched";
      if (!isShared || !isObject(older) || !isObject(newer)) {
        return value;
      }
      const both = { ...older, ...newer };
      return holdsSecret([olds[name], value]) ? secret(both) : both;
    });
  }

  /** `pulumi do ... patch` asks for an update even if the change needs another object. */
  async refuseReplacement(id: string, olds: Properties, news: Properties): Promise<void> {
    const { replaces = [] } = await this.diff(id, olds, news);
    if (replaces.length > 0) {
      const { label, noun } = this.served;
      const reason = `${replaces.join(", ")}: ${reasonToReplace(this.served)}. Create another ${noun} and delete this one`;
      throw new Error(`${label} ${id} was not changed: ${reason}`);
    }
  }

  /**
   * The answer in a preview. The outputs that the service computes are unknown, because the write may change them. An argument that
   * the program left out is null, as after the write, and does not keep its old value.
   */
  announced(news: Properties, olds: Properties = {}) {
    const { kind } = this.served;
    const computed = mapped(kind.outputs, () => unknownValue);
    return { id: "", outputs: { ...olds, ...this.#unset, ...news, ...computed } };
  }

  async create(inputs: Properties, seconds: number) {
    const { id, outs } = await this.#status(this.#provider.create(this.#bare(inputs, "create", seconds)), inputs);
    return { id, outputs: this.#outputs(outs, inputs) };
  }

  async update(id: string, olds: Properties, news: Properties, seconds: number, ignoreChanges: readonly string[]) {
    const inputs = { ...this.#bare(news, "update", seconds), __command: { ignoreChanges } };
    const updating = this.#provider.update(id, this.#bare(olds), inputs);
    const { outs } = await this.#status(updating, news, olds);
    return { outputs: this.#outputs(outs, news, olds) };
  }

  /**
   * Reads the object; undefined if it is gone. An import has no old outputs, and a `get` of a program those that the program gives.
   * Only recorded outputs have a source.
   */
  async read(id: string, inputs: Properties, outputs: Properties, seconds: number) {
    const isNew = outputs["__provider"] === undefined;
    const answer = await this.#provider.read(id, this.#bare(outputs, "update", seconds));
    const { id: found, props = {}, inputs: described } = answer;
    if (!found) {
      return undefined;
    }
    // What a refresh remembers is as secret as it was, whatever the arguments are now.
    const marked = mapped(props, (name, value) => (name === "__shown" ? markedAs(outputs[name], value) : value));
    const held = isNew ? complete(props) : marked;
    const sources = (values: Properties) => [isNew ? this.#alwaysSecret(values) : {}, inputs, outputs];
    return {
      id: found,
      outputs: this.#outputs(held, ...sources(held)),
      inputs: described === undefined ? inputs : this.#marked(described, ...sources(described)),
    };
  }

  async delete(id: string, outputs: Properties, seconds: number): Promise<void> {
    await this.#provider.delete(id, this.#bare(outputs, "delete", seconds));
  }

  /** The paths of the secrets in the arguments, apart from members that are always secret. */
  #secretPlaces(given: Properties): (string | number)[][] {
    const names = Object.keys(given).filter((name) => !name.startsWith("__"));
    return names.flatMap((name) => secretPlaces(this.#others(name, given[name]), [name]));
  }

  #others(name: string, value: unknown): unknown {
    return withMembers(value, this.#secretMembers(name), () => undefined);
  }

  #secretMembers(name: string): readonly string[] {
    return this.served.kind.fields[name]?.secretMembers ?? [];
  }

  /** The values with the places of their marks in place of these, and with the time limit of the engine: 0 if the program sets none. */
  #bare(values: Properties, operation = "", seconds = 0): Properties {
    const limits = seconds > 0 ? { __timeouts: { [operation]: seconds } } : {};
    const { __secrets: recorded = [] } = hiddenInputs(values);
    const places = [...new Set([...recorded, ...statePlaces(this.#secretPlaces(values))])];
    const marks = places.length > 0 ? { __secrets: places.sort() } : {};
    return { ...bare(values), ...marks, ...limits, __provider: this.served.source };
  }

  /** Marks the secrets in the outputs of an error that leaves an object behind. */
  async #status<Result>(work: Promise<Result>, ...sources: readonly Properties[]): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      const { data: left } = leftBehind.safeParse(error);
      throw error instanceof Error && left !== undefined
        ? Object.assign(error, { properties: this.#outputs(left.properties, ...sources) })
        : error;
    }
  }

  #outputs(outputs: Properties = {}, ...sources: readonly Properties[]): Properties {
    return { ...this.#unset, ...this.#marked(outputs, ...sources), __provider: this.served.source };
  }

  /**
   * The values with the marks of their sources, and without time limits: the engine passes those with each call, and would show
   * recorded ones as a change. A value that equals the one of the program, the first source, has only its marks, so that it is plain
   * again as soon as the program says so. Any other value has the marks of all sources.
   */
  #marked({ __timeouts: _, ...values }: Properties, ...sources: readonly Properties[]): Properties {
    const repeating: readonly string[] = [...Object.keys(repeatedArguments), "__shown"];
    const marked = mapped(values, (name, value) => {
      if (repeating.includes(name)) {
        return value;
      }
      const others = sources.map((source) => this.#others(name, source[name]));
      const isProgram = same(bare({ value: sources[0]?.[name] })["value"], value);
      const seen = others.slice(0, isProgram ? 1 : undefined).reduce((one, source) => markedAs(source, one), value);
      return withMembers(seen, this.#secretMembers(name), secret);
    });
    const all = [marked, ...sources];
    const isRepeated = (argument: string) => all.some((one) => holdsSecret(one[argument]));
    const repeats = Object.entries(repeatedArguments).filter(([, argument]) => isRepeated(argument));
    const isShown = Object.keys(this.served.kind.fields).some(isRepeated);
    const names = [...repeats.map(([output]) => output), ...(isShown ? ["__shown"] : [])];
    return mapped(marked, (name, value) => (names.includes(name) ? secret(value) : value));
  }

  /** Each variable by itself: `pulumi import` prints the values of a secret object as plain text (pulumi/pulumi pkg/importer/hcl2.go). */
  #alwaysSecret(found: Properties): Properties {
    const { secretOutputs = [] } = this.served;
    const variables = (value: unknown) => (isObject(value) ? mapped(value, (_, one) => secret(one)) : value);
    return Object.fromEntries(secretOutputs.map((name) => [name, variables(found[name])]));
  }
}
