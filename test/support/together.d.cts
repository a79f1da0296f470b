/** The folder of the files that run groups of files. */
export const folder: string;

/** Whether a file shares no modules with others. */
export function runsAlone(file: string): boolean;

/** Writes the file `path`, which runs these files of the repository `root`. */
export function writeGroup(root: string, path: string, files: readonly string[]): void;
