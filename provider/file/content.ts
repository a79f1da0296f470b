/** "Upload a file". */
export const largestMb = 5;
const bytesInMb = 1024 * 1024;

export const largestBytes = largestMb * bytesInMb;

export function tooLarge(bytes: number): string {
  return `has ${Math.ceil((bytes / bytesInMb) * 100) / 100} MB; the API takes up to ${largestMb} MB`;
}

/**
 * The reason for which the service would refuse the content; undefined for a valid content. The service accepts text only.
 */
export function contentProblem(content: Uint8Array | string): string | undefined {
  const size = typeof content === "string" ? Buffer.byteLength(content) : content.length;
  if (size > largestBytes) {
    return tooLarge(size);
  }
  const isText = typeof content === "string" ? !content.includes("\0") : !content.includes(0);
  return isText ? undefined : "has a NUL byte; the API takes text alone";
}
