import { info, type Remark, warning } from "../api/remark";
import { creationTime } from "./age";
import type { Holder, Predecessor } from "./ownership";
import type { Properties } from "./program-values";
import { hiddenInputs, hiddenOutputs, pulumiName } from "./unfinished";

/** The resource with these outputs. A state that was imported knows no entry, and one that was made by hand no origin. */
export function holderOf(fallback: string, outputs: Properties): Holder {
  const entry = hiddenOutputs(outputs).__entry ?? hiddenInputs(outputs).__origin ?? fallback;
  const name = pulumiName(outputs);
  const { __origin: origin } = hiddenInputs(outputs);
  return { entry, origin, description: name === undefined ? "another resource" : `the resource "${name}"` };
}

export function predecessorOf(id: string, { createdAt }: Properties): Predecessor {
  return { id, createdAt: creationTime(createdAt) };
}

export function sharedWarning(id: string, { description }: Holder): Remark {
  return warning(
    `${description} of this stack manages ${id} too; take one of the two out of the state with \`pulumi state delete\` and out of the program`,
  );
}

/**
 * Why a removal archives nothing. After `--replace` the engine asks no diff, so the create of the replacement may have returned the
 * old object: both then have the same origin.
 */
export function leftRemark({ origin }: Holder, other: Holder): Remark {
  const left = `left as it is: ${other.description} manages it now`;
  return origin === undefined || origin !== other.origin
    ? info(left)
    : warning(
        `${left}. If it was to be replaced, the create returned the old one: run the same command again with the resource option deleteBeforeReplace: true`,
      );
}
