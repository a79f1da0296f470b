import { agentKind } from "../../provider/agent/kind";
import { agentSource, agentType } from "../../provider/agent/type";
import { environmentKind } from "../../provider/environment/kind";
import { environmentSource, environmentType } from "../../provider/environment/type";
import { KindProvider } from "../../provider/resource/provider";
import type { LoadedKind } from "./in-process-provider";

export const loadedAgent: LoadedKind & { readonly type: string } = {
  type: agentType,
  source: agentSource,
  begin: (session) => new KindProvider(agentKind, session),
};

export const loadedEnvironment: LoadedKind & { readonly type: string } = {
  type: environmentType,
  source: environmentSource,
  begin: (session) => new KindProvider(environmentKind, session),
};
