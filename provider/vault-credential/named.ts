import { type NamingPlace, vaults } from "../program/named-kinds";

/** The places where the arguments of a credential name another object. */
export const named: readonly NamingPlace[] = [{ at: ["vaultId"], kind: vaults }];
