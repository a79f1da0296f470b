import { deploymentRuns } from "./kinds/table";
import type { ResourceKind } from "./resource/kind/kind";
import { KindProvider } from "./resource/provider";
import type { Session } from "./resource/session/session";

/** The provider of a kind. The code of runs is loaded with their first use, as that of each kind. */
export function providerOf(kind: ResourceKind, session: Session): KindProvider {
  if (kind.label !== deploymentRuns.label) {
    return new KindProvider(kind, session);
  }
  const { RunProvider }: typeof import("./deployment-run/provider") = require("./deployment-run/provider");
  return new RunProvider(session);
}
