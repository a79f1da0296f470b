import { finder } from "../look-up/find";
import { agentKind } from "./kind";

/** What `look-up.ts` loads when it is first called. */
export const find = finder(agentKind);
