import type { QoderClient } from "../api/client";
import { unzip } from "./unzip";
import { largestPackageMb, type PackedFile } from "./zip";

/** "Get the content of a skill version": the reply is the zip. */
export async function downloadPackage(client: QoderClient, id: string, version: string): Promise<PackedFile[]> {
  const { body } = await client.send({
    method: "GET",
    path: ["skills", id, "versions", version, "content"],
    downloadMb: largestPackageMb + 1,
    repeat: "safe",
  });
  return unzip(body instanceof Uint8Array ? body : new Uint8Array());
}
