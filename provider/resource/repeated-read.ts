import type * as pulumi from "@pulumi/pulumi";
import { argumentsIn } from "./arguments";
import type { Subject } from "./engine/answer";
import type { ResourceKind } from "./kind";
import type { Properties } from "./program-values";
import type { Session } from "./session";
import { hiddenOutputs } from "./state";

/**
 * A read of a refresh that fails for the same reason as that of another resource leaves the resource as the state has it. The refresh
 * fails because of that other one, and tells at its end which resources were not read: the engine writes a row, a heading and a blank
 * line for each failure of its own, and refreshes every resource whatever fails (pulumi/pulumi pkg/backend/display/progress.go,
 * pkg/resource/deploy/deployment_executor.go).
 */
export async function unlessRepeated(
  { failures, remarks }: Pick<Session, "failures" | "remarks">,
  kind: ResourceKind,
  subject: Subject,
  read: () => Promise<pulumi.dynamic.ReadResult>,
): Promise<pulumi.dynamic.ReadResult> {
  try {
    return await read();
  } catch (error) {
    const repeated = failures.repeated(error, "read");
    const { id, properties } = subject;
    if (repeated === undefined || id === undefined || !isSettled(kind, properties)) {
      throw error;
    }
    remarks.unread(subject, repeated);
    return { id, props: properties };
  }
}

/** Whether the state is right where nothing new is known: a look-up has none yet, and after a write in part it wants a read. */
function isSettled(kind: ResourceKind, properties: Properties): boolean {
  const { __unfinished } = hiddenOutputs(properties);
  return __unfinished === undefined && Object.keys(argumentsIn(kind, properties)).length > 0;
}
