import { finder } from "../look-up/find";
import { deploymentKind } from "./kind";

/** What `look-up.ts` loads when it is first called. */
export const find = finder(deploymentKind);
