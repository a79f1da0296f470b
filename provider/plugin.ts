import type { dynamic } from "@pulumi/pulumi";
import { agentKind } from "./agent/kind";
import { deploymentKind } from "./deployment/kind";
import { deploymentRunKind } from "./deployment-run/kind";
import { environmentKind } from "./environment/kind";
import { fileKind } from "./file/kind";
import { memoryStoreKind } from "./memory-store/kind";
import { processSurroundings } from "./resource/engine/process";
import { onCommandEnd } from "./resource/engine/watch";
import { KindProvider } from "./resource/provider";
import { Session } from "./resource/session";
import { skillKind } from "./skill/kind";
import { vaultKind } from "./vault/kind";
import { vaultCredentialKind } from "./vault-credential/kind";

const session = new Session(processSurroundings);
onCommandEnd(() => session.remarks.end());

/** The providers that the engine loads, by the names in `program/source.ts`. Old states have the name `provider` for deployments. */
export const provider: dynamic.ResourceProvider = new KindProvider(deploymentKind, session);
export const agent: dynamic.ResourceProvider = new KindProvider(agentKind, session);
export const deploymentRun: dynamic.ResourceProvider = new KindProvider(deploymentRunKind, session);
export const environment: dynamic.ResourceProvider = new KindProvider(environmentKind, session);
export const file: dynamic.ResourceProvider = new KindProvider(fileKind, session);
export const memoryStore: dynamic.ResourceProvider = new KindProvider(memoryStoreKind, session);
export const skill: dynamic.ResourceProvider = new KindProvider(skillKind, session);
export const vault: dynamic.ResourceProvider = new KindProvider(vaultKind, session);
export const vaultCredential: dynamic.ResourceProvider = new KindProvider(vaultCredentialKind, session);
