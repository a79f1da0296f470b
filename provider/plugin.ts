import { agentKind } from "./agent/kind";
import { deploymentKind } from "./deployment/kind";
import { deploymentRunKind } from "./deployment-run/kind";
import { environmentKind } from "./environment/kind";
import { processSurroundings } from "./resource/engine/process-surroundings";
import { KindProvider } from "./resource/provider";
import { Session } from "./resource/session";

const session = new Session(processSurroundings);

/** What the engine loads for each kind, by the name that `program/source.ts` gives it. That of deployments is in old states. */
export const provider = new KindProvider(deploymentKind, session);
export const agent = new KindProvider(agentKind, session);
export const deploymentRun = new KindProvider(deploymentRunKind, session);
export const environment = new KindProvider(environmentKind, session);
