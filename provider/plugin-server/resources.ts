import { z } from "zod";
import type { Configuration } from "../account/settings";
import type { SourceRead } from "../program/inputs";
import type { Properties } from "../resource/program-values";
import { KindProvider } from "../resource/provider";
import type { Session } from "../resource/session";
import { complete } from "../resource/state";
import type { ServedKind } from "./kinds";
import { bareProperties, holdsSecret, markedAs, secret, withoutMembers, withSecretMembers } from "./marks";

/** What the stack says of the command that runs. */
export interface CommandSettings {
  readonly remarks: unknown;
  readonly showRequests: boolean;
  readonly verify: boolean;
}

/** What the engine tells of the command, as far as it has told it. */
export interface Door {
  readonly session: Session;
  readonly configuration: Configuration;
  readonly command: CommandSettings;
}

const leftBehind = z.object({
  id: z.string(),
  reasons: z.array(z.string()),
  properties: z.record(z.string(), z.unknown()),
});

/** A write that was not finished, and the object that stands nevertheless. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";

  constructor(
    message: string,
    readonly id: string,
    readonly reasons: readonly string[],
    readonly outputs: Properties,
  ) {
    super(message);
  }
}

/** What stands for a value that is not known yet (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/**
 * The resources of one kind as the engine drives them with secrets: takes the marks from what it hands over, and gives them to what the
 * kind answers. All values here have their marks, those of the kind have none.
 */
export class Resources {
  readonly #provider: KindProvider;
  readonly #secretMembers: Readonly<Record<string, readonly string[]>>;

  constructor(
    private readonly served: ServedKind,
    private readonly door: Door,
  ) {
    this.#provider = new KindProvider(served.kind, door.session);
    const fields = Object.entries(served.kind.fields);
    this.#secretMembers = Object.fromEntries(fields.map(([name, { secretMembers = [] }]) => [name, secretMembers]));
    void this.#provider.configure({ config: door.configuration });
  }

  async check(urn: string, olds: Properties, news: Properties, isPreview: boolean | null) {
    const name = urn.split("::").slice(3).join("::");
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

  async create(inputs: Properties, seconds: number) {
    const given = { ...this.#bare(inputs), ...limits("create", seconds) };
    const { id, outs } = await this.#standing([inputs], this.#provider.create(given));
    return { id, outputs: this.#outputs(outs, inputs) };
  }

  /** In a preview the service has computed nothing yet. */
  created(inputs: Properties): Properties {
    return { ...inputs, ...this.#unknownOutputs() };
  }

  async update(id: string, olds: Properties, news: Properties, seconds: number): Promise<Properties> {
    const given = { ...this.#bare(news), ...limits("update", seconds) };
    const { outs } = await this.#standing([news, olds], this.#provider.update(id, this.#bare(olds), given));
    return this.#outputs(outs, news, olds);
  }

  /** In a preview: what the service computes may be another afterwards. */
  updated(olds: Properties, news: Properties): Properties {
    return { ...olds, ...news, ...this.#unknownOutputs() };
  }

  /** Undefined when the object is gone. Without outputs of before it is one that a program imports or looks up. */
  async read(id: string, inputs: Properties, outputs: Properties, seconds: number) {
    const isNew = Object.keys(outputs).length === 0;
    const given = { ...this.#bare(outputs), ...limits("update", seconds) };
    const { id: found, props, inputs: described } = await this.#provider.read(id, given);
    if (!found) {
      return undefined;
    }
    const held = isNew ? complete(props ?? {}) : (props ?? {});
    return {
      id: found,
      outputs: this.#outputs(held, inputs, outputs, isNew ? this.#foundSecrets(held) : {}),
      inputs:
        described === undefined
          ? inputs
          : this.#marked(described, inputs, outputs, this.#foundSecrets(isNew ? described : {})),
    };
  }

  async delete(id: string, outputs: Properties, seconds: number): Promise<void> {
    await this.#provider.delete(id, { ...this.#bare(outputs), ...limits("delete", seconds) });
  }

  #writtenOut(args: Properties, name: string): { readonly given: Properties; readonly read?: SourceRead } {
    const { nameArgument, writtenOut } = this.served;
    const named = nameArgument === undefined ? args : { ...args, [nameArgument]: args[nameArgument] ?? name };
    return writtenOut?.(named, name) ?? { given: named };
  }

  /** The arguments that hold secrets, besides the members that always are some. */
  #secretArguments(given: Properties): string[] {
    const secrets = Object.keys(given).filter(
      (name) => !name.startsWith("__") && holdsSecret(this.#others(name, given[name])),
    );
    return secrets.sort();
  }

  #others(name: string, value: unknown): unknown {
    return withoutMembers(value, this.#secretMembers[name] ?? []);
  }

  #bare(values: Properties): Properties {
    return { ...bareProperties(values), __provider: this.served.source };
  }

  /** An error that leaves an object behind tells its outputs, which get their marks like any others. */
  async #standing<Result>(sources: readonly Properties[], work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      const { data: left } = leftBehind.safeParse(error);
      throw error instanceof Error && left !== undefined
        ? new Unfinished(error.message, left.id, left.reasons, this.#outputs(left.properties, ...sources))
        : error;
    }
  }

  #outputs(outputs: Properties = {}, ...sources: readonly Properties[]): Properties {
    return { ...this.#marked(outputs, ...sources), __provider: this.served.source };
  }

  /** Without the time limits: the engine hands them over with each call, and would draw what a state has of them. */
  #marked({ __timeouts: _, ...values }: Properties, ...sources: readonly Properties[]): Properties {
    const mark = (name: string, value: unknown) => {
      const seen = sources.reduce((one, source) => markedAs(this.#others(name, source[name]), one), value);
      return withSecretMembers(seen, this.#secretMembers[name] ?? []);
    };
    const marked = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mark(name, value)]));
    return { ...marked, ...this.#repeated(marked, sources) };
  }

  /** `effectiveMetadata` repeats the values of `metadata` under another name, and `__shown` those of any argument. */
  #repeated(marked: Properties, sources: readonly Properties[]): Properties {
    const all = [marked, ...sources];
    const { effectiveMetadata, __shown } = marked;
    return {
      ...(effectiveMetadata !== undefined && all.some(({ metadata }) => holdsSecret(metadata))
        ? { effectiveMetadata: secret(effectiveMetadata) }
        : {}),
      ...(__shown !== undefined && all.some(holdsSecret) ? { __shown: secret(__shown) } : {}),
    };
  }

  #foundSecrets(found: Properties): Properties {
    const { secretOutputs = [] } = this.served;
    return Object.fromEntries(secretOutputs.map((name) => [name, secret(found[name])]));
  }

  #unknownOutputs(): Properties {
    return Object.fromEntries(Object.keys(this.served.kind.outputs).map((name) => [name, unknownValue]));
  }
}

/** The time limit that the engine hands over, in seconds; 0 where the program says nothing. */
function limits(operation: "create" | "update" | "delete", seconds: number): Properties {
  return seconds > 0 ? { __timeouts: { [operation]: seconds } } : {};
}
