import { idReference, type OutputsOf } from "../resource/fields/field";

/** Replaces the ids of files that the program declares by references to their resources, at any depth. */
export function withFileReferences(value: unknown, outputsOf: OutputsOf): unknown {
  if (Array.isArray(value)) {
    return value.map((element) => withFileReferences(element, outputsOf));
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const { type, fileId }: { readonly type?: unknown; readonly fileId?: unknown } = value;
  if (type === "file" && typeof fileId === "string") {
    return { ...value, fileId: idReference(fileId, outputsOf) };
  }
  const members = Object.entries(value).map(([name, member]) => [name, withFileReferences(member, outputsOf)] as const);
  return Object.fromEntries(members);
}
