/** A message for the person who runs the command. A warning says that something will probably not work as intended. */
export interface Remark {
  readonly severity: "info" | "warning";
  readonly text: string;
}

export type Tell = (remark: Remark) => void | Promise<void>;

export function info(text: string): Remark {
  return { severity: "info", text };
}

export function warning(text: string): Remark {
  return { severity: "warning", text };
}
