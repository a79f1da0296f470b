import { z } from "zod";
import { namingKinds, vaults } from "../program/kinds";
import {
  acknowledgeField,
  adoptField,
  deleteOnDestroyField,
  idOf,
  metadataField,
  nameField,
} from "../resource/fields/common-fields";
import { same } from "../resource/fields/comparison";
import { rowsOf, type ValuesOf } from "../resource/fields/rows";
import { type ProgramChange, type ResourceKind, replyOf } from "../resource/kind";
import { usersOf } from "../resource/named";
import { commonOutputRows } from "../resource/outputs";
import { type PlanRemark, planWarning } from "../resource/plan-remark";
import { containsUnknown } from "../resource/program-values";
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
    credentials: "a QoderVaultCredential is one credential, and its vaultId names the vault",
  },
  outputs: commonOutputRows,
  distinction: { words: "name", argument: "displayName" },
  identity: (object) => called.safeParse(object).data?.display_name,
  hasNoKeys: true,
  users: usersOf(vaults, namingKinds),
  deletes: ({ deleteOnDestroy }) => deleteOnDestroy === true,
  changeRemarks,
};

function changeRemarks({ before, after, inputs }: ProgramChange<ValuesOf<typeof fields>>): PlanRemark[] {
  const changed = (["displayName", "metadata"] as const).filter(
    (name) => before.displayName !== undefined && !containsUnknown(inputs[name]) && !same(before[name], after[name]),
  );
  return changed.map((name) =>
    planWarning(
      "replacement",
      `${name}: the API changes no vault, so another vault is created, what refers to this one moves, and this one ends; ignoreChanges: ["${name}"] keeps it`,
    ),
  );
}
