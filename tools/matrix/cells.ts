/** The package manager. */
export type Manager =
  | "npm"
  | "npm workspaces"
  | "pnpm"
  | "yarn"
  | "yarn Plug'n'Play"
  | "yarn Plug'n'Play, `yarn exec pulumi`"
  | "bun";

/** The language or module system of the program, and the compiler of a TypeScript program. */
export type Program =
  | "CommonJS"
  | "ES modules"
  | "TypeScript"
  | "TypeScript, tsx"
  | "TypeScript, tsx, ES modules"
  | "TypeScript, Node.js itself"
  | "YAML"
  | "Python";

export interface Cell {
  readonly manager: Manager;
  readonly program: Program;
  /** The major version of Node.js. */
  readonly node: string;
  /** The version of `@pulumi/pulumi`. */
  readonly sdk: string;
  /** The version in the project; if left out, Pulumi uses the TypeScript that it contains. */
  readonly typescript?: string;
  /** The setting in tsconfig.json; `node` if left out, as in Pulumi's template. */
  readonly moduleResolution?: "node16";
  /** For a cell that cannot work: a part of the output, and the remedy. */
  readonly fails?: { readonly says: string; readonly instead: string };
}

/** The lowest version of the peer range, the last for Node.js 20, the version of most rows, and the newest. */
const lowestSdk = "3.216.0";
const node20Sdk = "3.248.0";
const usualSdk = "3.270.0";
const newestSdk = "3.276.0";

const usual = { manager: "npm", node: "24", sdk: usualSdk } as const;
const typed = { ...usual, program: "TypeScript", typescript: "5.9.3" } as const;
const native = { ...typed, typescript: "7.0.2", moduleResolution: "node16" } as const;

/** The cells that also run as tests, with the Node.js of the test. */
export const quickCells: readonly Cell[] = [
  { manager: "pnpm", program: "ES modules", node: "20", sdk: node20Sdk },
  { manager: "npm workspaces", program: "TypeScript", typescript: "5.9.3", node: "20", sdk: lowestSdk },
];

export const cells: readonly Cell[] = [
  ...quickCells,
  { ...usual, program: "CommonJS" },
  { ...usual, program: "CommonJS", sdk: newestSdk },
  { ...usual, program: "CommonJS", manager: "pnpm" },
  { ...usual, program: "CommonJS", manager: "yarn" },
  {
    ...usual,
    program: "CommonJS",
    manager: "yarn Plug'n'Play",
    fails: {
      says: "It looks like the Pulumi SDK has not been installed",
      instead: "`yarn exec pulumi up`, which lets Pulumi find what yarn installed",
    },
  },
  { ...usual, program: "CommonJS", manager: "yarn Plug'n'Play, `yarn exec pulumi`" },
  { ...usual, program: "CommonJS", manager: "bun" },
  { ...usual, program: "ES modules" },
  { ...usual, program: "ES modules", node: "20", sdk: lowestSdk },
  { ...usual, program: "ES modules", node: "22", sdk: lowestSdk },
  { ...usual, program: "TypeScript" },
  { ...typed, typescript: "5.0.4" },
  typed,
  { ...typed, sdk: newestSdk },
  { ...typed, node: "26", sdk: newestSdk },
  { ...typed, node: "20", sdk: node20Sdk },
  { ...typed, node: "22" },
  { ...typed, node: "26" },
  { ...typed, manager: "pnpm" },
  { ...typed, manager: "yarn" },
  {
    ...typed,
    typescript: "6.0.3",
    fails: {
      says: "error TS5107: Option 'moduleResolution=node10' is deprecated",
      instead: '`"module": "node16"` and `"moduleResolution": "node16"` in `tsconfig.json`',
    },
  },
  { ...typed, typescript: "6.0.3", moduleResolution: "node16" },
  {
    ...native,
    fails: {
      says: 'peerOptional typescript@">= 3.8.3 < 7" from @pulumi/pulumi',
      instead: "`npm install --legacy-peer-deps`, or pnpm; and tsx or Node.js itself in place of Pulumi's ts-node",
    },
  },
  {
    ...native,
    manager: "pnpm",
    fails: {
      says: "TypeError: Cannot read properties of undefined (reading 'readFile')",
      instead: "tsx or Node.js itself in place of Pulumi's ts-node, which needs an API that TypeScript 7 does not have",
    },
  },
  { ...native, manager: "pnpm", program: "TypeScript, tsx, ES modules" },
  { ...native, manager: "pnpm", program: "TypeScript, Node.js itself", node: "26" },
  { ...typed, program: "TypeScript, tsx" },
  { ...typed, program: "TypeScript, tsx, ES modules" },
  { ...typed, program: "TypeScript, Node.js itself" },
  { ...usual, program: "YAML" },
  { ...usual, program: "YAML", manager: "pnpm" },
  { ...usual, program: "Python" },
];
