/** A resource of the state. */
export interface Holder {
  /** What tells it from every other resource, also from one that was declared at the same place before it was renamed. */
  readonly entry: string;
  /** In words. */
  readonly description: string;
}

/**
 * The deployments that this process met: the engine runs one process for a command, so these are resources of the same
 * stack. Nothing tells of the others; what is not here is unknown, not free.
 */
export class KnownDeployments {
  readonly #held = new Map<string, Holder>();
  /** Held by a resource that adopts it and does not have it yet. */
  readonly #claimed = new Set<string>();
  /** Archived, by this process or as it saw. */
  readonly #released = new Set<string>();
  /** URNs at which the program declares a resource that the state knew before this process created anything for it. */
  readonly #declared = new Set<string>();
  /** Origins of all that the program declares. */
  readonly #origins = new Set<string | undefined>();

  /** The state says that this resource manages it. Another one of which it says the same, if there is one. */
  meet(id: string, resource: Holder): Holder | undefined {
    const holder = this.#held.get(id);
    this.hold(id, resource);
    return holder?.entry === resource.entry ? undefined : holder;
  }

  hold(id: string, resource: Holder): void {
    this.#held.set(id, resource);
    this.#claimed.delete(id);
  }

  claim(id: string, resource: Holder): void {
    this.#held.set(id, resource);
    this.#claimed.add(id);
  }

  isClaimed(id: string): boolean {
    return this.#claimed.has(id);
  }

  holder(id: string): Holder | undefined {
    return this.#held.get(id);
  }

  release(id: string): void {
    this.#held.delete(id);
    this.#claimed.delete(id);
    this.#released.add(id);
  }

  isReleased(id: string): boolean {
    return this.#released.has(id);
  }

  declare(urn: string): void {
    this.#declared.add(urn);
  }

  /** A create of such a resource replaces it. */
  isDeclared(urn: string): boolean {
    return this.#declared.has(urn);
  }

  declareOrigin(origin: string | undefined): void {
    this.#origins.add(origin);
  }

  /** A refresh compares every resource of the state, also one that left the program. */
  isOfProgram(origin: string | undefined): boolean {
    return this.#origins.has(origin);
  }
}
