import { z } from "zod";
import { metadata } from "./request-schemas";

/** The bodies of "Create an environment" and "Update an environment". */

const networking = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("unrestricted") }),
  z.strictObject({
    type: z.literal("limited"),
    allowed_hosts: z.array(z.string()).optional(),
    allow_package_managers: z.boolean().optional(),
    allow_mcp_servers: z.boolean().optional(),
  }),
]);

const packageList = z.array(z.string().min(1)).optional();

const packages = z.strictObject({
  type: z.literal("packages").optional(),
  apt: packageList,
  cargo: packageList,
  gem: packageList,
  go: packageList,
  npm: packageList,
  pip: packageList,
});

const setupScript = z.string().optional();

const config = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("cloud"),
    networking: networking.optional(),
    packages: packages.optional(),
    setup_script: setupScript,
  }),
  z.strictObject({ type: z.literal("self_hosted"), setup_script: setupScript }),
]);

const name = z.string().min(1, "must not be empty");

const fields = {
  // In the types of the official clients, null clears the member.
  description: z.string().nullable().optional(),
  config: config.optional(),
  scope: z.enum(["organization", "account"]).optional(),
  metadata: metadata.optional(),
};

export const createEnvironmentSchema = z.strictObject({ name, ...fields });
export const updateEnvironmentSchema = z.strictObject({ name: name.optional(), ...fields });

export type EnvironmentConfig = z.infer<typeof config>;
export type EnvironmentPatch = z.infer<typeof updateEnvironmentSchema>;
