/** What a person should know of a piece of work; a warning of something that will probably not go as it was meant. */
export interface Remark {
  readonly severity: "info" | "warning";
  readonly text: string;
}

/** Hears what a person should know of the work while it goes on. */
export type Tell = (remark: Remark) => void | Promise<void>;

export function info(text: string): Remark {
  return { severity: "info", text };
}

export function warning(text: string): Remark {
  return { severity: "warning", text };
}
