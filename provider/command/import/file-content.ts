import { basename } from "node:path";
import { QoderApiError, QoderError } from "../../api/errors";
import { downloadFile, type File } from "../../file/reply";
import { contentProblem } from "../../file/source";
import type { BaseReply } from "../../resource/outputs";
import { digestOf } from "../../skill/digests";
import type { Content } from "./described";

/** Turns a file at Qoder into a file of the project. */
export const fileContent: Content = {
  async load(client, { id, filename, size_bytes: size }: BaseReply & File) {
    const bytes = await downloadFile(client, id).catch((error: unknown) => notGiven(error, id));
    const problem = contentProblem(bytes);
    if (problem !== undefined) {
      throw new QoderError(`its content ${problem}`);
    }
    if (size !== undefined && size !== bytes.length) {
      throw new QoderError(`its content has ${bytes.length} bytes, but the service says that it has ${size}`);
    }
    return (folder) => {
      const source = folder.addFile(filename ?? "", bytes);
      return {
        inputs: { name: filename, digest: digestOf(bytes) },
        // The name at Qoder is the name of the source, unless the program gives another one.
        written: { source, ...(basename(source) === filename ? {} : { name: filename }) },
        failures: [],
        notes: [],
      };
    };
  },
};

/** "Files": the service may refuse to return the content of an upload. */
function notGiven(error: unknown, id: string): never {
  if (error instanceof QoderApiError && error.status === 403) {
    const remedy = `objects that name the file keep its id. To manage the file, declare a QoderFile with its source and adopt: "${id}"`;
    throw new QoderError(`the service does not give its content back (${error.message}); ${remedy}`);
  }
  throw error;
}
