import { deploymentKind } from "../../deployment/kind";
import type { Deployment } from "../../deployment/reply";
import type { DeploymentArguments } from "../../deployment/values";
import { chosenArguments } from "../../resource/arguments";
import { argumentFailures } from "../../resource/check";
import { argumentNames } from "../../resource/kind";
import { type Names, namesOf } from "./names";

/** A live deployment and how a program declares it, so that nothing is left to change. */
export interface Takeover {
  readonly deployment: Deployment;
  readonly arguments: Partial<DeploymentArguments>;
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
  const { fields } = deploymentKind;
  const inputs = chosenArguments(deploymentKind, deployment);
  const hidden = argumentNames(deploymentKind).flatMap((name) => {
    const reason = fields[name].undescribable?.(deployment);
    return reason === undefined ? [] : [`${name}: ${reason}`];
  });
  return { inputs, failures: [...hidden, ...argumentFailures(deploymentKind, inputs)] };
}
