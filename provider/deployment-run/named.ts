import { deployments, type NamingPlace } from "../program/named-kinds";

/** The places where the arguments of a run name another object. */
export const named: readonly NamingPlace[] = [{ at: ["deploymentId"], kind: deployments }];
