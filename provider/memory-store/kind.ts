import { z } from "zod";
import { warning } from "../api/remark";
import { memoryStores } from "../kinds/table";
import {
  acknowledgeField,
  adoptField,
  deleteOnDestroyField,
  idOf,
  nameField,
  textField,
} from "../resource/kind/common-fields";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { type BaseReply, commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { MemoryStoreOutputs, QoderMemoryStoreArgs } from "./arguments";

const name = z
  .string()
  .min(1)
  .max(255)
  .regex(/^\P{Cc}*$/u, "holds a control character");

/** "API reference: memory stores". */
const fields = rowsOf<QoderMemoryStoreArgs>()({
  name: nameField(name),
  description: textField({ wire: "description", schema: z.string().max(1_024) }),
  metadata: metadataField(undefined),
  deleteOnDestroy: deleteOnDestroyField,
  adopt: adoptField(idOf(memoryStores)),
  acknowledge: acknowledgeField,
});

const shape = { status: z.string().optional(), entry_count: z.number().optional(), total_size: z.number().optional() };
type MemoryStore = BaseReply & Readonly<z.infer<z.ZodObject<typeof shape>>>;

/** "API reference: memory stores". */
export const memoryStoreKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...memoryStores,
  reply: replyOf(fields, shape),
  fields,
  outputs: {
    entryCount: { recorded: z.number(), read: ({ entry_count: count }: MemoryStore) => count },
    totalSize: { recorded: z.number(), read: ({ total_size: size }: MemoryStore) => size },
    ...commonOutputRows,
  } satisfies OutputRows<Omit<MemoryStoreOutputs, keyof QoderMemoryStoreArgs>>,
  removal: {
    deletes: ({ deleteOnDestroy }) => deleteOnDestroy === true,
    remarks: ({ deleteOnDestroy }, { entryCount }: Partial<MemoryStoreOutputs>) =>
      deleteOnDestroy === true && entryCount !== undefined && entryCount > 0
        ? [
            warning(
              `deletes ${entryCount} ${entryCount === 1 ? "entry" : "entries"} permanently, as of the last refresh`,
            ),
          ]
        : [],
  },
};
