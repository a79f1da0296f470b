import type { Agents, StoredAgent } from "./agents";
import type { DeploymentOverwrite, Deployments } from "./deployments";
import type { Environments } from "./environments";
import type { ManagedObjects, Overwrite, StoredObject } from "./managed-objects";
import type { MemberPath } from "./member-changes";
import type { Owner } from "./owners";
import type { Runs } from "./runs";
import { wholeSeconds } from "./service";
import type { Agent, Deployment, DeploymentRun, Environment, ErrorDetail, JsonObject } from "./wire";

/**
 * The actions of a person at the console of Qoder. The rules of the API count, and no request is recorded. New objects belong
 * to the first account unless the caller names another, in its default workspace.
 */
export interface Console<Reply, Fields = Overwrite<Reply>> {
  get(id: string): Reply;
  all(): Reply[];
  live(): Reply[];
  edit(id: string, patch: JsonObject): Reply;
  /** Sets stored fields without any check. `metadata` is merged at every depth. */
  overwrite(id: string, fields: Fields): Reply;
  archive(id: string): Reply;
  /** Changes or adds one member of the shown object, at any depth and without any check; a write of its field undoes that. */
  changeMember(id: string, path: MemberPath, value: unknown): Reply;
  removeMember(id: string, path: MemberPath): Reply;
  /** Takes back every change of single members. */
  restoreMembers(id: string): Reply;
  /** Removes the object: a GET then answers 404. */
  remove(id: string): void;
}

export interface AgentConsole extends Console<Agent> {
  /** Adds an object with these fields, without any check. */
  create(overrides?: Partial<Agent>, account?: string, workspace?: string): Agent;
  /** Publishes a new version without any change. */
  bumpVersion(id: string): number;
}

export interface EnvironmentConsole extends Console<Environment> {
  /** Adds an object with these fields, without any check. */
  create(overrides?: Partial<Environment>, account?: string, workspace?: string): Environment;
}

/** The actions on runs. No run is edited or archived. */
export type RunConsole = Pick<Console<DeploymentRun>, "get" | "all" | "remove">;

export interface DeploymentConsole extends Console<Deployment, DeploymentOverwrite> {
  create(body: JsonObject, account?: string, workspace?: string, id?: string): Deployment;
  pause(id: string): Deployment;
  pauseByError(id: string, errorType: string): Deployment;
  unpause(id: string): Deployment;
  run(id: string): DeploymentRun;
  /** Starts a run as its schedule would. `problem`: why it gets no session. `dueAt`: now if left out. */
  runBySchedule(id: string, problem?: ErrorDetail, dueAt?: string): DeploymentRun;
}

export type OwnerOf = (account?: string, workspace?: string) => Owner;

export function agentConsole(agents: Agents, ownerOf: OwnerOf): AgentConsole {
  const reply = (stored: StoredAgent) => agents.reply(stored);
  return {
    ...consoleOf(agents),
    create: (overrides = {}, account, workspace) => reply(agents.place(ownerOf(account, workspace), overrides)),
    // A person at the console sees the version of the agent, so the edit names it.
    edit: (id, patch) => {
      const stored = agents.require(id);
      return reply(agents.update(stored, { version: stored.fields.version, ...patch }));
    },
    bumpVersion: (id) => reply(agents.bumpVersion(agents.require(id))).version,
  };
}

export function environmentConsole(environments: Environments, ownerOf: OwnerOf): EnvironmentConsole {
  return {
    ...consoleOf(environments),
    create: (overrides = {}, account, workspace) =>
      environments.reply(environments.place(ownerOf(account, workspace), overrides)),
  };
}

export function deploymentConsole(
  deployments: Deployments,
  runs: Runs,
  ownerOf: OwnerOf,
  now: () => Date,
): DeploymentConsole {
  const of = (id: string) => deployments.require(id);
  return {
    ...consoleOf(deployments),
    create: (body, account, workspace, id) =>
      deployments.reply(deployments.create(ownerOf(account, workspace), body, id)),
    overwrite: (id, fields) => deployments.reply(deployments.overwrite(of(id), fields)),
    pause: (id) => deployments.reply(deployments.pause(of(id), {})),
    pauseByError: (id, errorType) => deployments.reply(deployments.pauseByError(of(id), errorType)),
    unpause: (id) => deployments.reply(deployments.unpause(of(id), {})),
    run: (id) => runs.reply(deployments.run(of(id), {})),
    runBySchedule: (id, problem, dueAt = wholeSeconds(now())) =>
      runs.reply(deployments.run(of(id), {}, { type: "schedule", scheduled_at: dueAt }, problem)),
  };
}

export function runConsole(runs: Runs): RunConsole {
  return {
    get: (id) => runs.reply(runs.require(id)),
    all: () => runs.all().map((run) => runs.reply(run)),
    remove: (id) => runs.remove(id),
  };
}

export function consoleOf<Stored extends StoredObject, Reply>(
  objects: ManagedObjects<Stored, Reply>,
): Console<Reply, Overwrite<Stored["fields"]>> {
  const of = (id: string) => objects.require(id);
  const reply = (stored: Stored) => objects.reply(stored);
  return {
    get: (id) => reply(of(id)),
    all: () => objects.all().map(reply),
    live: () => objects.live().map(reply),
    edit: (id, patch) => reply(objects.update(of(id), patch)),
    overwrite: (id, fields) => reply(objects.overwrite(of(id), fields)),
    archive: (id) => reply(objects.archive(of(id), {})),
    changeMember: (id, path, value) => reply(objects.changeMember(of(id), path, value)),
    removeMember: (id, path) => reply(objects.changeMember(of(id), path, undefined)),
    restoreMembers: (id) => reply(objects.restoreMembers(of(id))),
    remove: (id) => objects.remove(id),
  };
}
