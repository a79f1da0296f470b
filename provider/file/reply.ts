import { z } from "zod";
import type { QoderClient } from "../api/client";
import type { ApiRequest } from "../api/transport";
import type { BaseReply } from "../resource/outputs";
import { largestMb } from "./source";

/** "API reference: files". The members of a file in a reply that other kinds do not have. */
export const fileShape = {
  filename: z.string().optional(),
  mime_type: z.string().optional(),
  size_bytes: z.number().optional(),
  expires_at: z.string().nullish(),
};
export type File = BaseReply & Readonly<z.infer<z.ZodObject<typeof fileShape>>>;

const linkSchema = z.looseObject({ url: z.url() });

/** "Get the content of a file": the reply is a link to another host, which must not receive the token. */
export async function downloadFile(client: QoderClient, id: string): Promise<Uint8Array> {
  const request: ApiRequest = { method: "GET", path: ["files", id, "content"], repeat: "safe" };
  const { url } = await client.read(request, linkSchema);
  const content = await client.send({ ...request, link: new URL(url), downloadMb: largestMb + 1 });
  return content.body instanceof Uint8Array ? content.body : new Uint8Array();
}
