/** Who installs the packages. */
export type Manager =
  | "npm"
  | "npm workspaces"
  | "pnpm"
  | "yarn"
  | "yarn Plug'n'Play"
  | "yarn Plug'n'Play, `yarn exec pulumi`"
  | "bun";

/** What the program is, and what makes JavaScript of it where that is its language. */
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
  /** The major version. */
  readonly node: string;
  /** Of `@pulumi/pulumi`. */
  readonly sdk: string;
  /** Of the project. Left out: it has none, and Pulumi takes the one that it brings. */
  readonly typescript?: string;
  /** Of tsconfig.json; left out: as in Pulumi's template, `node`. */
  readonly moduleResolution?: "node16";
  /** Where it cannot work: words of what is printed then, and what to do. */
  readonly fails?: { readonly says: string; readonly instead: string };
}

/** The lowest of the peer range, the last for Node.js 20, the one of most rows, and the newest. */
const lowestSdk = "3.216.0";
const node20Sdk = "3.248.0";
const usualSdk = "3.270.0";
const newestSdk = "3.276.0";

const usual = { manager: "npm", node: "22", sdk: usualSdk } as const;
const typed = { ...usual, program: "TypeScript", typescript: "5.9.3" } as const;
const native = { ...typed, typescript: "7.0.2", moduleResolution: "node16" } as const;

/** These are tests too, with the Node.js of the test. */
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
  { ...usual, program: "ES modules", node: "24", sdk: lowestSdk },
  { ...usual, program: "TypeScript" },
  { ...typed, typescript: "5.0.4" },
  typed,
  { ...typed, sdk: newestSdk },
  { ...typed, node: "24", sdk: newestSdk },
  { ...typed, node: "20", sdk: node20Sdk },
  { ...typed, node: "24" },
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
      instead: "tsx or Node.js itself in place of Pulumi's ts-node, which needs an API that TypeScript 7 has not",
    },
  },
  { ...native, manager: "pnpm", program: "TypeScript, tsx, ES modules" },
  { ...native, manager: "pnpm", program: "TypeScript, Node.js itself", node: "24" },
  { ...typed, program: "TypeScript, tsx" },
  { ...typed, program: "TypeScript, tsx, ES modules" },
  { ...typed, program: "TypeScript, Node.js itself" },
  { ...usual, program: "YAML" },
  { ...usual, program: "YAML", manager: "pnpm" },
  { ...usual, program: "Python" },
];
