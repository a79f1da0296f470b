/** What `make` makes of a text, made once for each. Beyond `limit` texts the one that came first is forgotten. */
export function remembered<Value>(limit: number, make: (text: string) => Value): (text: string) => Value {
  const made = new Map<string, { readonly value: Value }>();
  return (text) => {
    const known = made.get(text) ?? { value: make(text) };
    if (!made.has(text)) {
      const [first] = made.keys();
      if (first !== undefined && made.size >= limit) {
        made.delete(first);
      }
      made.set(text, known);
    }
    return known.value;
  };
}
