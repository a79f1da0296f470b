import { z } from "zod";
import type { Deployment } from "../api/schema";
import { type CasConfig, casConfigDefaults } from "../arguments/cas-config";
import type { EventValue } from "../arguments/initial-events";
import { reservedKey } from "../arguments/metadata";
import type { ResourceValue } from "../arguments/resources";
import { type Arguments, fields } from "../fields";
import { check } from "../lifecycle/check";
import { describedArguments } from "../state";
import { type Names, namesOf } from "./names";

/** A live deployment and how a program declares it, so that nothing is left to change. */
export interface Takeover {
  readonly deployment: Deployment;
  readonly arguments: Partial<Arguments>;
  readonly names: Names;
}

/** A deployment that cannot be taken over, and why. */
export interface LeftOut {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reasons: readonly string[];
}

export interface Plan {
  readonly taken: readonly Takeover[];
  readonly leftOut: readonly LeftOut[];
}

/** Declares each deployment as it is; one that this version's own check would refuse is left out. */
export function planned(deployments: readonly Deployment[]): Plan {
  const declared = deployments.map((deployment) => ({ deployment, ...declaration(deployment) }));
  const sound = declared.filter(({ failures }) => failures.length === 0);
  const names = namesOf(sound.map(({ deployment }) => deployment));
  return {
    taken: sound.flatMap(({ deployment, inputs }, index) => {
      const given = names[index];
      return given === undefined ? [] : [{ deployment, arguments: inputs, names: given }];
    }),
    leftOut: declared
      .filter(({ failures }) => failures.length > 0)
      .map(({ deployment: { id, name }, failures }) => ({ id, name, reasons: failures })),
  };
}

function declaration(deployment: Deployment) {
  // A deployment that tells of no events fails the check below, with its place.
  const described = describedArguments({ ...deployment, initial_events: deployment.initial_events ?? [] });
  const inputs = withoutDefaults(described);
  const hidden = hidesSettings(deployment, described) ? ["casConfig: has a shape that this version does not know"] : [];
  return { inputs, failures: [...hidden, ...check({}, { ...inputs }).failures] };
}

const readableSettings = z.looseObject({ config: z.looseObject({}).nullish() }).nullish();

// Settings that cannot be read look like none, and the check would not miss them.
function hidesSettings({ metadata }: Deployment, { casConfig }: Partial<Arguments>): boolean {
  const held = readableSettings.safeParse(metadata?.[reservedKey]);
  return !held.success || (held.data != null && casConfig === undefined);
}

/** Leaves out what the service fills in by itself: it would be noise in the program, and come back the same. */
function withoutDefaults(described: Partial<Arguments>): Partial<Arguments> {
  const { casConfig, ...others } = described;
  const { initialEvents, resources } = others;
  const chosen = casConfig === undefined ? {} : chosenSettings(casConfig);
  return {
    ...others,
    ...(initialEvents === undefined ? {} : { initialEvents: initialEvents.map(withoutDefaultIterations) }),
    ...(resources === undefined ? {} : { resources: resources.map(withoutDefaultMountPath) }),
    ...(Object.keys(chosen).length === 0 ? {} : { casConfig: chosen }),
  };
}

function withoutDefaultIterations(event: EventValue): EventValue {
  const { maxIterations: _, ...shorter } = event;
  return fields.initialEvents.change([event], [shorter], {}) === undefined ? shorter : event;
}

function withoutDefaultMountPath(resource: ResourceValue): ResourceValue {
  const { mountPath, ...shorter } = resource;
  return mountPath === defaultMountPath(resource) ? shorter : resource;
}

// Type definitions of the API's TypeScript client, `mount_path` of each kind of resource.
function defaultMountPath({ type, fileId, url }: ResourceValue): string | undefined {
  if (type === "file" && typeof fileId === "string") {
    return `/mnt/session/uploads/${fileId}`;
  }
  if ((type === "github_repository" || type === "git_repository") && typeof url === "string") {
    const repository = url.replace(/\/+$/, "").split("/").pop() ?? "";
    return `/workspace/${repository.replace(/\.git$/, "")}`;
  }
  return undefined;
}

/** The settings that are not at their default, which is what taking one out of a program goes back to. */
function chosenSettings(settings: CasConfig): CasConfig {
  const defaults: CasConfig = casConfigDefaults;
  const differs = (name: string, value: unknown) =>
    Object.entries(defaults).every(([n, v]) => n !== name || v !== value);
  return Object.fromEntries(Object.entries(settings).filter(([name, value]) => differs(name, value)));
}
