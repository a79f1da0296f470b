import { z } from "zod";
import { vaults } from "../kinds/table";
import { acknowledgeField, adoptField, deleteOnDestroyField, idOf, nameField } from "../resource/kind/common-fields";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { commonOutputRows } from "../resource/kind/outputs";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { QoderVaultArgs } from "./arguments";

/** "API reference: vaults". The API has no update of a vault, so a change of any argument that is sent replaces the vault. */
const fields = rowsOf<QoderVaultArgs>()({
  displayName: { ...nameField(z.string().min(1).max(255), "display_name"), replaces: true },
  metadata: { ...metadataField(undefined), replaces: true },
  deleteOnDestroy: deleteOnDestroyField,
  adopt: adoptField(idOf(vaults)),
  acknowledge: acknowledgeField,
});

const called = z.looseObject({ display_name: z.string() });

/** "API reference: vaults". */
export const vaultKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...vaults,
  reply: replyOf(fields),
  fields,
  insteadOf: {
    name: 'write displayName: "..."',
    credentials: "a QoderVaultCredential is one credential; its vaultId is the id of the vault",
  },
  outputs: commonOutputRows,
  distinction: { words: "name", argument: "displayName" },
  naming: { identity: (object) => called.safeParse(object).data?.display_name },
  removal: { deletes: ({ deleteOnDestroy }) => deleteOnDestroy === true },
};
