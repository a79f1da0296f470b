import { z } from "zod";
import type { BaseReply } from "../resource/outputs";

/** "API reference: files". The members of a file in a reply that other kinds do not have. */
export const fileShape = {
  filename: z.string().optional(),
  mime_type: z.string().optional(),
  size_bytes: z.number().optional(),
  expires_at: z.string().nullish(),
};
export interface File extends BaseReply {
  readonly filename?: string | undefined;
  readonly mime_type?: string | undefined;
  readonly size_bytes?: number | undefined;
  readonly expires_at?: string | null | undefined;
}
