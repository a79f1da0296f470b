import { z } from "zod";
import type { SourceRead } from "../program/inputs";
import type { Properties } from "../resource/program-values";
import { KindProvider } from "../resource/provider";
import { complete } from "../resource/state";
import type { ServedKind } from "./kinds";
import { bare, holdsSecret, mapped, markedAs, secret, withMembers } from "./marks";
import type { Door } from "./settings";

/** What an error tells of the object that stands nevertheless. */
export const leftBehind = z.object({
  id: z.string(),
  reasons: z.array(z.string()),
  properties: z.record(z.string(), z.unknown()),
});

/** What stands for a value that is not known yet (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The resources of one kind as the engine drives them with secrets: takes the marks from what it hands over, and gives them to what the
 * kind answers. All values here have their marks, those of the kind have none.
 */
export class Resources {
  readonly #provider: KindProvider;

  constructor(
    private readonly served: ServedKind,
    private readonly door: Door,
  ) {
    this.#provider = new KindProvider(served.kind, door.session);
    void this.#provider.configure({ config: door.configuration });
  }

  async check(urn: string, name: string, olds: Properties, news: Properties, isPreview: boolean | null) {
    const { given, read } = this.#writtenOut(news, name);
    const secrets = this.#secretArguments(given);
    const declared = {
      ...given,
      __origin: urn,
      __command: { ...this.door.command, isPreview, secrets, source: read },
      ...(this.served.kind.namesSecrets && secrets.length > 0 ? { __secrets: secrets } : {}),
    };
    const { inputs = {}, failures = [] } = await this.#provider.check(this.#bare(olds), this.#bare(declared));
    const { __provider: _, ...checked } = inputs;
    return { inputs: this.#marked(checked, given, olds), failures: failures.map(({ reason }) => reason) };
  }

  diff(id: string, olds: Properties, news: Properties) {
    return this.#provider.diff(id, this.#bare(olds), this.#bare(news));
  }

  /** In a preview, what the service computes is not known, or may be another afterwards. */
  announced(news: Properties, olds: Properties = {}) {
    return { id: "", outputs: { ...olds, ...news, ...mapped(this.served.kind.outputs, () => unknownValue) } };
  }

  async create(inputs: Properties, seconds: number) {
    const { id, outs } = await this.#standing(this.#provider.create(this.#bare(inputs, "create", seconds)), inputs);
    return { id, outputs: this.#outputs(outs, inputs) };
  }

  async update(id: string, olds: Properties, news: Properties, seconds: number) {
    const updating = this.#provider.update(id, this.#bare(olds), this.#bare(news, "update", seconds));
    const { outs } = await this.#standing(updating, news, olds);
    return { outputs: this.#outputs(outs, news, olds) };
  }

  /** Undefined when the object is gone. Without outputs of before it is one that a program imports or looks up. */
  async read(id: string, inputs: Properties, outputs: Properties, seconds: number) {
    const isNew = Object.keys(outputs).length === 0;
    const answer = await this.#provider.read(id, this.#bare(outputs, "update", seconds));
    const { id: found, props = {}, inputs: described } = answer;
    if (!found) {
      return undefined;
    }
    const held = isNew ? complete(props) : props;
    const marked = (values: Properties) =>
      this.#marked(values, inputs, outputs, isNew ? this.#alwaysSecret(values) : {});
    return {
      id: found,
      outputs: { ...marked(held), __provider: this.served.source },
      inputs: described === undefined ? inputs : marked(described),
    };
  }

  async delete(id: string, outputs: Properties, seconds: number): Promise<void> {
    await this.#provider.delete(id, this.#bare(outputs, "delete", seconds));
  }

  #writtenOut(args: Properties, name: string): { readonly given: Properties; readonly read?: SourceRead } {
    const { nameArgument, writtenOut } = this.served;
    const named = nameArgument === undefined ? args : { ...args, [nameArgument]: args[nameArgument] ?? name };
    return writtenOut?.(named, name) ?? { given: named };
  }

  /** The arguments that hold secrets, besides the members that always are some. */
  #secretArguments(given: Properties): string[] {
    const names = Object.keys(given).filter((name) => !name.startsWith("__"));
    return names.filter((name) => holdsSecret(this.#others(name, given[name]))).sort();
  }

  #others(name: string, value: unknown): unknown {
    return withMembers(value, this.#secretMembers(name), () => undefined);
  }

  #secretMembers(name: string): readonly string[] {
    return this.served.kind.fields[name]?.secretMembers ?? [];
  }

  /** With the time limit that the engine hands over, which is 0 where the program says nothing. */
  #bare(values: Properties, operation = "", seconds = 0): Properties {
    const limits = seconds > 0 ? { __timeouts: { [operation]: seconds } } : {};
    return { ...bare(values), ...limits, __provider: this.served.source };
  }

  /** An error that leaves an object behind tells its outputs, which get their marks like any others. */
  async #standing<Result>(work: Promise<Result>, ...sources: readonly Properties[]): Promise<Result> {
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
    return { ...this.#marked(outputs, ...sources), __provider: this.served.source };
  }

  /**
   * Without the time limits: the engine hands them over with each call, and would draw what a state has of them. `effectiveMetadata`
   * repeats the values of `metadata` under another name, and `__shown` those of any argument.
   */
  #marked({ __timeouts: _, ...values }: Properties, ...sources: readonly Properties[]): Properties {
    const marked = mapped(values, (name, value) => {
      const seen = sources.reduce((one, source) => markedAs(this.#others(name, source[name]), one), value);
      return withMembers(seen, this.#secretMembers(name), secret);
    });
    const all = [marked, ...sources];
    return mapped(marked, (name, value) => {
      const repeats =
        name === "effectiveMetadata" ? all.map(({ metadata }) => metadata) : name === "__shown" ? all : [];
      return repeats.some(holdsSecret) ? secret(value) : value;
    });
  }

  #alwaysSecret(found: Properties): Properties {
    const { secretOutputs = [] } = this.served;
    return Object.fromEntries(secretOutputs.map((name) => [name, secret(found[name])]));
  }
}
