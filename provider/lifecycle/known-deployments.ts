/**
 * The deployments that this process met: the engine runs one process for a command, so these are resources of the same
 * stack. Nothing tells of the others; what is not here is unknown, not free.
 */
export class KnownDeployments {
  readonly #holders = new Map<string, string | undefined>();

  /** The resource of this stack, by its origin, that manages the deployment. */
  hold(id: string, origin: string | undefined): void {
    this.#holders.set(id, origin);
  }

  /** The resource was destroyed: the deployment is archived. */
  release(id: string): void {
    this.#holders.set(id, undefined);
  }

  isKnown(id: string): boolean {
    return this.#holders.has(id);
  }

  isReleased(id: string): boolean {
    return this.#holders.has(id) && this.#holders.get(id) === undefined;
  }

  /** Another resource than `origin` that manages the deployment. */
  otherHolder(id: string, origin: string): string | undefined {
    const holder = this.#holders.get(id);
    return holder === origin ? undefined : holder;
  }
}
