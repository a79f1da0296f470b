const serverOwned = ["id", "createdAt", "updatedAt", "processedAt"];

/**
 * Without the members by which the service keeps track of its own copy of an event or a resource, as it does in sessions
 * ("Sessions: resources").
 */
export function withoutServerOwned<Value extends { readonly type: string }>(value: Value) {
  const members = Object.entries(value).filter(([name]) => !serverOwned.includes(name));
  return { ...Object.fromEntries(members), type: value.type };
}
