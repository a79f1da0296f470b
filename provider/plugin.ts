import { deploymentKind } from "./deployment/kind";
import { KindProvider } from "./resource/provider";
import { Session } from "./resource/session";

const session = new Session();

/** What the engine loads for each kind, by the name that `program/source.ts` gives it. */
export const provider = new KindProvider(deploymentKind, session);
