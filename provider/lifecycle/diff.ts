import { argumentNames } from "../fields";
import { changesBetween, pauseChange } from "../patch";
import { argumentsIn, only, recordedLive, recordedServicePause } from "../state";
import { containsUnknown } from "../unknown";

export interface DiffOutcome {
  readonly changes: boolean;
  readonly remarks: readonly string[];
}

/** Whether an update would send anything. Pure: everything it needs is in the state and in the program. */
export function diff(
  outputs: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, unknown>>,
): DiffOutcome {
  const unknown = argumentNames.filter((name) => containsUnknown(inputs[name]));
  const known = argumentNames.filter((name) => !unknown.includes(name));
  const applied = only(argumentsIn(outputs), known);
  const wanted = only(argumentsIn(inputs), known);
  const live = recordedLive(outputs);
  const changed =
    unknown.some((name) => name !== "adopt") ||
    changesBetween(applied, wanted, live).length > 0 ||
    pauseChange(applied, wanted, live) !== undefined;
  return { changes: changed, remarks: servicePauseRemarks(outputs) };
}

function servicePauseRemarks(outputs: Readonly<Record<string, unknown>>): string[] {
  const reason = recordedServicePause(outputs);
  return reason === undefined
    ? []
    : [`warning: the service paused this deployment ${reason}; it does not run until somebody unpauses it`];
}
