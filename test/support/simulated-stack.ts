import { deploymentType } from "../../provider/program/source";
import { type Properties, type Provider, ProviderError, type State } from "./provider";

export type Step = "same" | "create" | "update" | "replace" | "delete";

/** Where a program declares it first. */
export function originOf(type: string, stack = "dev", name = "daily"): string {
  return `urn:pulumi:${stack}::project::${type}::${name}`;
}

/**
 * One resource of a stack, taken through the calls that the engine makes, in its order and with what it hands over:
 * pulumi/pulumi pkg/resource/deploy (step_generator.go, step.go).
 */
export class SimulatedStack {
  state: State | undefined;
  /** The resource could not be finished, so the engine updates it at the next `up` whatever `diff` says. */
  unfinished = false;
  /** The old object was removed, and there is no new one yet: the next `up` creates it whatever `diff` says. */
  pendingReplacement = false;

  /**
   * `begin` gives the provider of a command; what shares one is in the same run of the engine, and `isWhole` says that nothing does.
   */
  constructor(
    private readonly begin: () => Provider,
    readonly origin = originOf(deploymentType),
    private readonly isNamed = true,
    private readonly isWhole = false,
  ) {}

  /** What `pulumi preview` announces. Throws the failures of `check`. */
  async preview(args: Properties): Promise<Step> {
    return this.#command(async (provider) => {
      const { step, inputs } = await this.#plan(provider, args);
      if (step === "replace") {
        const { inputs: again } = await checked(provider, this.#declared(args));
        await provider.announce(again, undefined);
      } else if (step !== "same") {
        await provider.announce(inputs, this.state);
      }
      return step;
    });
  }

  async up(args: Properties): Promise<Step> {
    return this.#command((provider) => this.#up(provider, args));
  }

  async #command<Result>(work: (provider: Provider) => Promise<Result>): Promise<Result> {
    const provider = this.begin();
    try {
      return await work(provider);
    } finally {
      if (this.isWhole) {
        await provider.end();
      }
    }
  }

  async #up(provider: Provider, args: Properties): Promise<Step> {
    const { step, inputs } = await this.#plan(provider, args);
    if (step === "replace") {
      await this.#replace(provider, args);
      return step;
    }
    await this.#recorded(inputs, async () => {
      if (this.state === undefined) {
        this.state = await provider.create(inputs);
      } else if (step === "update") {
        this.state = await provider.update(this.state, inputs);
      } else {
        // Inputs are recorded even when nothing changed; outputs stay.
        this.state = { ...this.state, inputs };
      }
    });
    return step;
  }

  /** A write that may leave an object although it fails. */
  async #recorded(inputs: Properties, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.unfinished = false;
    } catch (error) {
      if (error instanceof ProviderError && error.initFailure !== undefined) {
        // After an update the old inputs stay, so that the next `up` sees the difference again.
        const { id, outputs } = error.initFailure;
        this.state = { id, outputs, inputs: this.state?.inputs ?? inputs };
        this.unfinished = true;
      }
      throw error;
    }
  }

  /** `pulumi up --replace`: the provider is not asked whether anything differs. */
  async replace(args: Properties): Promise<void> {
    await this.#command((provider) => this.#replace(provider, args));
  }

  async refresh(): Promise<Step> {
    const before = this.#existing();
    if (this.pendingReplacement) {
      return "same";
    }
    return this.#command((provider) => this.#refresh(provider, before));
  }

  async #refresh(provider: Provider, before: State): Promise<Step> {
    const read = await provider.read(before.id, before.outputs);
    // Where a read answers without inputs, those of before stay.
    const after = read === undefined || hasMembers(read.inputs) ? read : { ...read, inputs: before.inputs };
    this.state = after;
    // What a read answers without an error counts as finished.
    this.unfinished = false;
    if (after === undefined) {
      return "delete";
    }
    // The engine asks for the difference the other way round: the new outputs against the old inputs.
    const { changes } = await provider.diff(after.id, after.outputs, before.inputs);
    return changes === "none" || sameJson(after.inputs, before.inputs) ? "same" : "update";
  }

  async destroy(): Promise<void> {
    if (!this.pendingReplacement) {
      await this.#command((provider) => provider.delete(this.#existing()));
    }
    this.#forget();
  }

  /** Resources are removed first, as this package asks for it. */
  async #replace(provider: Provider, args: Properties): Promise<void> {
    // Without the old inputs.
    const { inputs } = await checked(provider, this.#declared(args));
    if (!this.pendingReplacement) {
      await provider.delete(this.#existing());
      this.pendingReplacement = true;
    }
    const before = this.state;
    try {
      await this.#recorded(inputs, async () => {
        // What a replacement leaves in part has the inputs of its own.
        this.state = undefined;
        this.state = await provider.create(inputs);
      });
    } finally {
      // Without a new object the old one is still to be replaced.
      this.pendingReplacement = this.state === undefined;
      this.state ??= before;
    }
  }

  #forget(): void {
    this.state = undefined;
    this.pendingReplacement = false;
  }

  #declared(args: Properties): Properties {
    return { ...(this.isNamed ? { name: "daily" } : {}), __origin: this.origin, ...args };
  }

  async #plan(provider: Provider, args: Properties): Promise<{ step: Step; inputs: Properties }> {
    const { inputs } = await checked(provider, this.#declared(args), this.state?.inputs);
    if (this.state === undefined) {
      return { step: "create", inputs };
    }
    const { changes, replaces } = await provider.diff(this.state.id, this.state.outputs, inputs);
    // Without a verdict of the provider, equal inputs are no change.
    const changed = changes === "some" || (changes === "drawn by the engine" && !sameJson(inputs, this.state.inputs));
    if (this.pendingReplacement || (changed && replaces.length > 0)) {
      return { step: "replace", inputs };
    }
    return { step: changed || this.unfinished ? "update" : "same", inputs };
  }

  #existing(): State {
    if (this.state === undefined) {
      throw new Error("the stack holds no resource");
    }
    return this.state;
  }
}

async function checked(provider: Provider, declared: Properties, olds?: Properties): Promise<{ inputs: Properties }> {
  const { inputs, failures } = await provider.check(declared, olds);
  if (failures.length > 0) {
    throw new Error(failures.join("\n"));
  }
  return { inputs };
}

function hasMembers(value: Properties): boolean {
  return Object.keys(value).length > 0;
}

function sameJson(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => one.localeCompare(other)))
      : member,
  );
}
