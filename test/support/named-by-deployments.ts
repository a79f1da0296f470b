import { agent } from "../kinds/agent";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import type { Fault } from "../qoder-api";
import type { SimulatedStack } from "./simulated-stack";
import type { World } from "./world";

/** A kind whose objects deployments need. */
export interface NamedKind {
  readonly kind: KindRow;
  readonly noun: "agent" | "environment";
  /** The argument of a deployment that names an object of the kind. */
  readonly argument: "agent" | "environmentId";
}

export const namedKinds: readonly NamedKind[] = [
  { kind: agent, noun: "agent", argument: "agent" },
  { kind: environment, noun: "environment", argument: "environmentId" },
];

/** The list that the provider reads before an archive, as `takeRequests` shows it. */
export const deploymentList = ["GET", "/deployments"];

/** Creates, as another client, a deployment that names this object. */
export function deploymentOf(world: World, { noun }: NamedKind, id: string, name: string) {
  return world.api.deployments.create({
    name,
    agent: noun === "agent" ? id : world.agent,
    environment_id: noun === "environment" ? id : world.environment,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
  });
}

/** Makes every list of deployments show these, whatever the query says. */
export function listShows(world: World, deployments: () => readonly unknown[]): void {
  const transform: Fault["transform"] = (page) => ({ ...page, data: deployments() });
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "replace-body", method: "GET", path: "/deployments", transform, times });
}

export function isLive(world: World, { noun }: NamedKind, id: string): boolean {
  return world.api[`${noun}s`].get(id).archived_at === null;
}

export async function failedRemoval(stack: SimulatedStack): Promise<string> {
  return stack.destroy().then(
    () => "nothing failed",
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
