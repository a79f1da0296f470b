import { environmentKind } from "../../provider/environment/kind";
import { environments } from "../../provider/kinds/table";
import { type ArgumentRow, inMember } from "./argument-row";
import { acknowledge, adopt, archiveInUse, description, metadata, name } from "./common";
import { kindRow } from "./kind-row";

const limited = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };
const noPackages = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };
const cloud = { type: "cloud" };
const open = { ...cloud, networking: { type: "unrestricted" } };

const config: ArgumentRow = {
  leftOut: "refused",
  value: { ...open, packages: { apt: ["jq"] } },
  everyShape: {
    ...cloud,
    networking: {
      type: "limited",
      allowedHosts: ["a.example.com", "b.example.com"],
      allowPackageManagers: true,
      allowMcpServers: true,
    },
    packages: { apt: ["jq", "git"], npm: ["pnpm@9", "tsx"], pip: ["requests", "rich"] },
    setupScript: "true",
  },
  sent: { config: { ...open, packages: { apt: ["jq"] } } },
  removed: {},
  edited: {
    by: { config: { ...open, packages: { apt: ["jq", "nmap"] } } },
    to: { ...open, packages: { apt: ["jq", "nmap"] } },
  },
  renditions: inMember("config", [[open, { ...cloud, packages: noPackages }]]),
  same: inMember("config", [
    [cloud, { ...cloud, packages: noPackages }],
    [open, { ...cloud, networking: { ...limited, type: "unrestricted" } }],
    [cloud, { type: "managed", networking: limited, packages: noPackages, setup_script: "" }],
    [
      { ...cloud, networking: { type: "limited", allowedHosts: ["b", "a"] } },
      { ...cloud, networking: { ...limited, allowed_hosts: ["a", "b"] } },
    ],
    [
      { ...cloud, packages: { apt: [] } },
      { ...cloud, networking: limited, packages: noPackages },
    ],
  ]),
  drift: inMember("config", [
    [cloud, open],
    [cloud, { ...cloud, networking: { ...limited, allow_mcp_servers: true } }],
    [cloud, { ...cloud, packages: { ...noPackages, pip: ["a"] } }],
    [{ ...cloud, setupScript: "a" }, cloud],
    [cloud, { type: "self_hosted" }],
  ]),
  mistakes: [
    [{ type: "managed" }, "config.type: is not one of cloud, self_hosted"],
    [{ type: "self_hosted", packages: {} }, "config.packages: is not known here; known are type, setupScript"],
    [{ ...cloud, setupScript: "ä".repeat(32_769) }, "config.setupScript: has more than 65536 bytes"],
    [{ ...cloud, networking: "limited" }, 'config.networking: is a string; write { type: "unrestricted" }'],
    [{ ...cloud, packages: { apt: "jq" } }, 'config.packages.apt: is a string; write ["git"]'],
  ],
};

export const environment = kindRow(environmentKind, environments, {
  // Without networking a preview would print a warning.
  least: { config: open },
  rows: { name, description, config, metadata, archiveInUse, adopt: { ...adopt, value: "env_x" }, acknowledge },
  changes: [
    {
      what: "an open network to a limited one",
      before: { config: open },
      after: { config: { ...cloud, networking: { type: "limited" } } },
      sent: { config: { ...cloud, networking: { type: "limited" } } },
    },
    {
      what: "packages",
      before: { config: { ...open, packages: { apt: ["jq"] } } },
      after: { config: { ...open, packages: { apt: ["jq"], npm: ["pnpm@9"] } } },
      sent: { config: { ...open, packages: { apt: ["jq"], npm: ["pnpm@9"] } } },
    },
    {
      // The service may keep a package manager that the body leaves out.
      what: "a configuration by removed settings (sent as empty)",
      before: { config: { ...open, packages: { apt: ["jq"], npm: ["pnpm@9"] }, setupScript: "echo hello" } },
      after: { config: { ...cloud, setupScript: "echo hello" } },
      sent: {
        config: {
          ...cloud,
          networking: { type: "limited" },
          packages: { apt: [], npm: [], pip: [] },
          setup_script: "echo hello",
        },
      },
    },
  ],
  console: (api) => api.environments,
});
