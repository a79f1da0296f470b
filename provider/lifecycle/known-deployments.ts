/**
 * The deployments that this process met: the engine runs one process for a command, so these are resources of the same
 * stack. Nothing tells of the others; what is not here is unknown, not free.
 */
export class KnownDeployments {
  /** The origin of the resource that manages the deployment, by its id. */
  readonly #held = new Map<string, string>();
  /** Archived by this process. */
  readonly #released = new Set<string>();
  /** That existed before and became a resource's in this run. */
  readonly #takenOver = new Set<string>();
  /** Of resources that the state knew before this process created anything for them. */
  readonly #origins = new Set<string>();

  /** The state says that this resource manages it. The origin of another one of which it says the same, if there is one. */
  meet(id: string, origin: string): string | undefined {
    const holder = this.#held.get(id);
    this.hold(id, origin);
    this.#origins.add(origin);
    return holder === origin ? undefined : holder;
  }

  hold(id: string, origin: string): void {
    this.#held.set(id, origin);
  }

  /** Whatever else the engine deletes in this run for an older entry of its state, this one lives on. */
  takeOver(id: string): void {
    this.#takenOver.add(id);
  }

  isTakenOver(id: string): boolean {
    return this.#takenOver.has(id);
  }

  release(id: string, origin: string): void {
    this.#held.delete(id);
    this.#released.add(id);
    this.#origins.add(origin);
  }

  /** A create for such a resource is a replacement. */
  hasMet(origin: string): boolean {
    return this.#origins.has(origin);
  }

  holder(id: string): string | undefined {
    return this.#held.get(id);
  }

  isReleased(id: string): boolean {
    return this.#released.has(id);
  }
}
