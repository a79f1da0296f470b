import { memoryStores } from "../../provider/kinds/table";
import { memoryStoreKind } from "../../provider/memory-store/kind";
import { acknowledge, adopt, deleteOnDestroy, description, metadata, name } from "./common";
import { kindRow } from "./kind-row";

export const memoryStore = kindRow(memoryStoreKind, memoryStores, {
  hasNoLookUp: true,
  least: {},
  rows: {
    name: {
      ...name,
      limits: ["n".repeat(255)],
      mistakes: [
        ["", "name: is empty"],
        ["n".repeat(256), "name: has more than 255 characters"],
        ["two\nlines", "name: holds a control character"],
      ],
    },
    description: {
      ...description,
      limits: ["d".repeat(1_024)],
      mistakes: [["d".repeat(1_025), "description: has more than 1024 characters"]],
    },
    metadata,
    deleteOnDestroy,
    adopt: { ...adopt, value: "memstore_x" },
    acknowledge,
  },
  console: (api) => api.memoryStores,
});
