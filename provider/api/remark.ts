/** A message for the person who runs the command. A warning says that something will probably not work as intended. */
export interface Remark {
  readonly severity: "info" | "warning";
  readonly text: string;
}

export type Tell = (remark: Remark) => void | Promise<void>;

/** Returns a function that is true for the first call with each text: a command says once what meets several objects. */
export function firstTimes(): (text: string) => boolean {
  const known = new Set<string>();
  return (text) => {
    const isFirst = !known.has(text);
    known.add(text);
    return isFirst;
  };
}

export function info(text: string): Remark {
  return { severity: "info", text };
}

export function warning(text: string): Remark {
  return { severity: "warning", text };
}
