import { adopt, archiveInUse, description, metadata, name, type Row } from "./agent-rows";

export const limited = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
export const noPackages = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };

export const environmentRows: Readonly<Record<string, Row>> = {
  name,
  description,
  config: {
    value: { type: "cloud", packages: { apt: ["jq"] } },
    sent: { config: { type: "cloud", packages: { apt: ["jq"] } } },
    removed: {},
    renditions: [
      [{ type: "cloud" }, { type: "cloud", packages: noPackages }],
      [
        { type: "cloud", networking: { type: "unrestricted" } },
        { type: "cloud", packages: noPackages },
      ],
      [
        { type: "cloud", networking: { type: "unrestricted" } },
        { type: "cloud", networking: { ...limited, type: "unrestricted" } },
      ],
    ],
    same: [
      [{ type: "cloud" }, { type: "managed", networking: limited, packages: noPackages, setup_script: "" }],
      [
        { type: "cloud", networking: { type: "limited", allowedHosts: ["b", "a"] } },
        { type: "cloud", networking: { ...limited, allowed_hosts: ["a", "b"] } },
      ],
      [
        { type: "cloud", packages: { apt: [] } },
        { type: "cloud", networking: limited, packages: noPackages },
      ],
    ],
    drift: [
      [{ type: "cloud" }, { type: "cloud", networking: { type: "unrestricted" } }],
      [{ type: "cloud" }, { type: "cloud", networking: { ...limited, allow_mcp_servers: true } }],
      [{ type: "cloud" }, { type: "cloud", packages: { ...noPackages, pip: ["a"] } }],
      [{ type: "cloud", setupScript: "a" }, { type: "cloud" }],
      [{ type: "cloud" }, { type: "self_hosted" }],
    ],
    refused: [
      [{ type: "managed" }, "config.type: is not one of cloud, self_hosted"],
      [{ type: "self_hosted", packages: {} }, "config.packages: is not known here; known are type, setupScript"],
      [{ type: "cloud", setupScript: "ä".repeat(32_769) }, "config.setupScript: has more than 65536 bytes"],
      [{ type: "cloud", networking: "limited" }, 'config.networking: is a string; write { type: "unrestricted" }'],
      [{ type: "cloud", packages: { apt: "jq" } }, 'config.packages.apt: is a string; write ["git"]'],
    ],
  },
  metadata,
  archiveInUse,
  adopt,
};
