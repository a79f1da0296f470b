import { deployments } from "../../provider/kinds/table";
import { type Properties, type Provider, ProviderError, type State } from "./provider";

export type Step = "same" | "create" | "update" | "replace" | "delete";

/** The URN of the first declaration. */
export function originOf(type: string, stack = "dev", name = "daily"): string {
  return `urn:pulumi:${stack}::project::${type}::${name}`;
}

/**
 * One resource of a stack. Makes the calls of the engine in its order and with its values (pulumi/pulumi pkg/resource/deploy,
 * step_generator.go and step.go).
 */
export class SimulatedStack {
  state: State | undefined;
  /** True if the last write failed in part: then the next `up` updates the resource, whatever `diff` says. */
  unfinished = false;
  /** True if the old object was removed and no new one exists: then the next `up` creates it, whatever `diff` says. */
  pendingReplacement = false;

  ignoreChanges: readonly string[] = [];

  /**
   * `begin` returns the provider of a command. Resources with one provider share a run of the engine; `isWhole`: this one
   * shares none.
   */
  constructor(
    private readonly begin: () => Provider,
    readonly origin = originOf(deployments.type),
    private readonly isNamed = true,
    private readonly isWhole = false,
  ) {}

  /** The step that `pulumi preview` announces. Throws the failures of `check`. */
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

  /** The same declaration without a state, in the command of another provider, which ends with the `up` if it is whole. */
  in(begin: () => Provider, isWhole = false): SimulatedStack {
    return new SimulatedStack(begin, this.origin, this.isNamed, isWhole);
  }

  /** Takes what the same resource has in the state after another command. */
  after({ state, pendingReplacement, unfinished }: SimulatedStack): this {
    return Object.assign(this, { state, pendingReplacement, unfinished });
  }

  async up(args: Properties): Promise<Step> {
    return this.#command((provider) => this.#up(provider, args));
  }

  async #command<Result>(work: (provider: Provider) => Promise<Result>): Promise<Result> {
    const provider = this.begin();
    provider.ignore?.(this.ignoreChanges);
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
        // The engine records the inputs even if nothing changed; the outputs stay.
        this.state = { ...this.state, inputs };
      }
    });
    return step;
  }

  /** Runs a write, and records the object that a failed write leaves. */
  async #recorded(inputs: Properties, write: () => Promise<void>): Promise<void> {
    try {
      await write();
      this.unfinished = false;
    } catch (error) {
      if (error instanceof ProviderError && error.initFailure !== undefined) {
        // After a failed update the old inputs stay, so that the next `up` sees the difference again.
        const { id, outputs } = error.initFailure;
        this.state = { id, outputs, inputs: this.state?.inputs ?? inputs };
        this.unfinished = true;
      }
      throw error;
    }
  }

  /** `pulumi up --replace`, in which the engine does not call `diff`. */
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
    // If a read answers without inputs, the older inputs stay.
    const after = read === undefined || hasMembers(read.inputs) ? read : { ...read, inputs: before.inputs };
    this.state = after;
    // After a read without an error the resource counts as finished.
    this.unfinished = false;
    if (after === undefined) {
      return "delete";
    }
    // In a refresh the engine compares in the other direction: new outputs with old inputs.
    const { changes } = await provider.diff(after.id, after.outputs, before.inputs);
    return changes === "none" || sameJson(after.inputs, before.inputs) ? "same" : "update";
  }

  /** Fails if a command finds a difference between the program, the state and the service. */
  async findsNoDifference(args: Properties): Promise<void> {
    const commands = [() => this.preview(args), () => this.refresh(), () => this.preview(args), () => this.up(args)];
    for (const command of commands) {
      expect(await command()).toBe("same");
    }
  }

  async destroy(): Promise<void> {
    if (!this.pendingReplacement) {
      await this.#command((provider) => provider.delete(this.#existing()));
    }
    this.#forget();
  }

  /** Removes the old object first, as this package asks for. */
  async #replace(provider: Provider, args: Properties): Promise<void> {
    // The second check gets no old inputs.
    const { inputs } = await checked(provider, this.#declared(args));
    if (!this.pendingReplacement) {
      await provider.delete(this.#existing());
      this.pendingReplacement = true;
    }
    const before = this.state;
    try {
      await this.#recorded(inputs, async () => {
        // An unfinished new object has the new inputs.
        this.state = undefined;
        this.state = await provider.create(inputs);
      });
    } finally {
      // Without a new object, the replacement is still to be done.
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
    // If the provider leaves the comparison to the engine, equal inputs are no change.
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
