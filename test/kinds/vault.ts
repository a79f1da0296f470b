import { vaults } from "../../provider/kinds/table";
import { vaultKind } from "../../provider/vault/kind";
import { acknowledge, adopt, deleteOnDestroy } from "./common";
import { kindRow } from "./kind-row";

export const vault = kindRow(vaultKind, vaults, {
  hasNoLookUp: true,
  renamed: (name) => ({ display_name: name }),
  steps: [],
  least: { displayName: "daily" },
  rows: { deleteOnDestroy, adopt: { ...adopt, value: "vault_x" }, acknowledge },
  replacing: {
    displayName: { value: "daily", others: ["nightly"] },
    metadata: { value: { team: "platform" }, others: [{ team: "data" }, undefined], same: [{ team: "platform" }] },
  },
  console: (api) => api.vaults,
});
