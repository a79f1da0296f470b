import { closest, distance } from "fastest-levenshtein";

/** `; did you mean X?` if a known name is similar; otherwise the empty text. */
export function suggestion(name: string, known: readonly string[]): string {
  const meant = nearest(name, known);
  return meant === undefined ? "" : `; did you mean ${meant}?`;
}

/** The most similar known name, without regard to case and underscores; undefined if no name is similar. */
export function nearest(name: string, known: readonly string[], mostTypingErrors = 3): string | undefined {
  const text = known.length === 0 ? "" : closest(plain(name), known.map(plain));
  const typingErrors = distance(plain(name), text);
  const isNear = typingErrors <= Math.min(mostTypingErrors, Math.ceil(text.length / 3));
  return isNear ? known.find((one) => plain(one) === text) : undefined;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll("_", "");
}
