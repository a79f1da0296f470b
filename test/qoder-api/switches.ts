import { defaultSessionSwitches, type SessionSwitches } from "./session-switches";
import { defaultUploadSwitches, type UploadSwitches } from "./upload-switches";
import { defaultVaultSwitches, type VaultSwitches } from "./vault-switches";

/**
 * The points on which the API's pages contradict each other, or say nothing. Every switch may be changed while the
 * server runs.
 */
export interface Switches extends VaultSwitches, UploadSwitches, SessionSwitches {
  /** 1: the June 2026 pages (`cas_config`, string content, run statuses). 2: the pages since July 2026. */
  generation: 1 | 2;
  /** What becomes of a plain string as event content. "auto": echoed in generation 1, one text block in generation 2. */
  stringContent: "auto" | "echo" | "normalise" | "reject";
  /** How one text block is answered. "auto": as a plain string in generation 1, as sent in generation 2. */
  blockContent: "auto" | "echo" | "string";
  /** Whether `metadata.cas_config` exists. "auto": only in generation 1; "present" in generation 2 has both forms. */
  casConfig: "auto" | "present" | "absent";
  casConfigMerge: "deep" | "shallow";
  /** What `metadata.cas_config: null` does. */
  casConfigNull: "delete" | "reset-defaults" | "reject";
  scheduleNull: "accept" | "reject" | "ignore";
  budget: "accept" | "reject" | "ignore-null";
  /** Deployments: archiving renames "to free the original name". */
  duplicateNames: "conflict" | "allow";
  /** The other kinds, of whose names no page says whether they are unique. */
  duplicateNamesElsewhere: "allow" | "conflict";
  /** "keep-refusals": a refusal is repeated under its key as well. */
  idempotencyKeys: "honour" | "keep-refusals" | "ignore";
  /** Whether keys count for the kinds other than agents and deployments. Only the page of all endpoints says so. */
  idempotencyKeysElsewhere: "honour" | "ignore";
  /** Whether keys count for runs. No page of theirs names the header. */
  idempotencyKeysForRuns: "honour" | "ignore";
  /** How long a key is remembered; 24 by "Conventions: idempotency". */
  keyHours: number;
  /** How long a new object answers 404 ("Errors": tolerate it shortly after a create). Lists show it at once. */
  hiddenForMs: number;
  /** How long a list of runs does not show a new one. */
  runsUnlistedForMs: number;
  /** Whether a run counts as a change of its deployment. */
  runTouchesDeployment: boolean;
  /** How far the header `Date` is ahead of the clock that stamps `created_at`. */
  dateAheadMs: number;
  createStatus: 200 | 201;
  /** The answer to every removal. "empty": 204 without a body, as the first pages of vaults and memory stores have it. */
  deleteReply: "object" | "empty";
  /** What the parameter `name` of a list finds. No page says. */
  nameFilter: "exact" | "part";
  /** The answer to a write that names an agent, agent version or environment which does not exist. */
  missingReference: 404 | 400;
  /** When the vaults, memory stores and files are looked at that a deployment names. No page says. */
  attachments: "at-run" | "at-write" | "unchecked";
  /**
   * When the service fills in what a body left out. "at-once": as the switches of each member say. "late": the answer to
   * a write shows what was sent, and each GET after it the defaults that the pages name.
   */
  fillingIn: "at-once" | "late";
  /**
   * Whether the service shows a member that nobody sent: in each skill, tool and team member, or in each object of what
   * it shows of arguments. What the user names (`metadata`, `input_schema`) stays as it was sent.
   */
  addedMembers: "none" | "elements" | "objects";
  /** How the service orders the lists whose order means nothing, such as `allowed_hosts`. */
  listOrder: "as-sent" | "reversed";
  /** "base-36": 20 such digits behind the prefix, as the ids of August 2026 have them; the examples have 32 hex digits. */
  idForm: "hex" | "base-36";
  /** How many objects and lists a body may hold inside each other. No page has a figure. */
  bodyDepth: number;
  /** Whether replies show the defaults of fields that were not sent. */
  fillDefaults: boolean;
  descriptionUnset: "" | null;
  environmentVariables: "verbatim" | "canonical";
  vaultOrder: "keep" | "sort";
  /** "optional": as in the newest client's types; "required": as in the resource table. */
  repositoryToken: "optional" | "required";
  archivedWrite: 409 | 403 | 400;
  unknownFields: "reject" | "accept";
  /** "missing": pages carry no `next_page`, as in the sample of an empty account. */
  nextPage: "present" | "missing";
  /** "gateway": the flat 401 body of the gateway, without a request id. */
  unauthorized: "envelope" | "gateway";
  writeLimitPerSecond: number | undefined;
  readLimitPerSecond: number | undefined;
  retryAfter: "seconds" | "date" | "milliseconds" | "none";
  emptyPatchBumpsUpdatedAt: boolean;
  /** Whether an update of an agent must name its version ("Update an agent"), or may, as in the newest client's types. */
  agentVersion: "required" | "optional";
  /** What an update that changes nothing of an agent makes. */
  unchangedAgent: "new-version" | "same-version";
  /** The answer to archiving an archived agent. */
  archiveAgentTwice: 409 | 200;
  /** The answer to archiving an archived vault, credential or memory store. */
  archiveElsewhereTwice: 409 | 200;
  multiagentNull: "clear" | "reject";
  /** How a model that was sent as a string is answered. "resolved": with the effort and the context window of the model. */
  modelEcho: "as-given" | "object" | "resolved";
  /** Whether a skill that was sent without a version is answered with the newest one. */
  skillVersions: "as-sent" | "resolved";
  /** Whether `default_config` and `configs` of a tool are answered with every default filled in. */
  toolSettings: "as-sent" | "resolved";
  /** The default of an `mcp_toolset`, which "resolved" settings show. */
  mcpPermissionPolicy: "always_ask" | "always_allow";
  /** An MCP server without `mcp_toolset`: an example has one, the newest client's types call it an error. */
  unusedMcpServers: "accept" | "reject";
  /** "off": the beta of the browser tools is not there, with its header either. */
  browserToolset: "available" | "off";
  /** How long a token of a service account lives at most, however long a life was asked for. */
  longestTokenLifeSeconds: number;
  /** How the life of a token is answered: clients take a number and a decimal text. */
  expiresIn: "number" | "text";
  /** Whether the end of a token is answered as a time as well. */
  exchangeExpiresAt: "present" | "absent";
  /** The second is the figure of an older page. */
  memoryStoreNameLimit: 255 | 64;
  /** "Update a memory store" clears a description by an empty text; the newest client's types have null as well. */
  memoryStoreDescriptionNull: "clear" | "reject";
  /** Whether "Create a memory store" insists on an idempotency key, as one reader of the pages has it. */
  memoryStoreKey: "optional" | "required";
  /** Whether "Update a memory" insists on `content`: the guide does, the newest client's types do not. */
  memoryContent: "required" | "optional";
  /** How a memory tells its version: by its `version`, as in the guide, or by its `memory_version_id`, as in the newest client's types. */
  memoryVersion: "number" | "id";
  /** "optional": an environment without `config` is a cloud environment with every default. */
  environmentConfig: "required" | "optional";
  /** "merge": members of `config` that an update leaves out stay, as in the newest client's types. */
  environmentConfigUpdate: "replace" | "merge";
  environmentTypeChange: "reject" | "accept";
  /** How `networking` is answered. "echo": only when it was sent; "materialise": also when not; "omit": never. */
  networking: "echo" | "materialise" | "omit";
  /** Whether unrestricted networking is answered beside the members that limit the other kind. */
  unrestrictedNetworking: "as-sent" | "with-limits";
  /** Whether a reply shows the list of each package manager, as the examples do, or those that were sent. */
  packageLists: "all" | "as-sent";
  /** The lists `cargo`, `gem` and `go`, which every reply shows, in a request. */
  readOnlyPackages: "reject" | "accept";
  /** Packages under limited networking without `allow_package_managers`: an example has them. */
  packagesUnderLimited: "accept" | "reject";
  /** The second is the figure of the China edition. */
  setupScriptLimit: "65536-bytes" | "10000-characters";
  /** No page has a figure. */
  environmentNameLimit: number | undefined;
  /** The field `scope`, which only the newest client's types have. */
  environmentScope: "reject" | "accept";
  /** What an empty text does to its key in the metadata of an environment. */
  emptyEnvironmentMetadata: "store" | "delete";
}

export function defaultSwitches(): Switches {
  return {
    ...defaultVaultSwitches(),
    ...defaultUploadSwitches(),
    ...defaultSessionSwitches(),
    generation: 2,
    stringContent: "auto",
    blockContent: "auto",
    casConfig: "auto",
    casConfigMerge: "deep",
    casConfigNull: "delete",
    scheduleNull: "reject",
    budget: "accept",
    duplicateNames: "conflict",
    duplicateNamesElsewhere: "allow",
    idempotencyKeys: "honour",
    idempotencyKeysElsewhere: "honour",
    idempotencyKeysForRuns: "honour",
    keyHours: 24,
    hiddenForMs: 0,
    runsUnlistedForMs: 0,
    runTouchesDeployment: false,
    dateAheadMs: 0,
    createStatus: 200,
    deleteReply: "object",
    nameFilter: "exact",
    missingReference: 404,
    attachments: "at-run",
    fillingIn: "at-once",
    addedMembers: "none",
    listOrder: "as-sent",
    idForm: "hex",
    bodyDepth: 32,
    fillDefaults: false,
    descriptionUnset: "",
    environmentVariables: "verbatim",
    vaultOrder: "keep",
    repositoryToken: "optional",
    archivedWrite: 409,
    unknownFields: "reject",
    nextPage: "present",
    unauthorized: "envelope",
    writeLimitPerSecond: undefined,
    readLimitPerSecond: undefined,
    retryAfter: "seconds",
    emptyPatchBumpsUpdatedAt: false,
    agentVersion: "required",
    unchangedAgent: "new-version",
    archiveAgentTwice: 409,
    archiveElsewhereTwice: 409,
    multiagentNull: "clear",
    modelEcho: "as-given",
    skillVersions: "as-sent",
    toolSettings: "as-sent",
    mcpPermissionPolicy: "always_ask",
    unusedMcpServers: "accept",
    browserToolset: "available",
    longestTokenLifeSeconds: 43_200,
    expiresIn: "number",
    exchangeExpiresAt: "present",
    memoryStoreNameLimit: 255,
    memoryStoreDescriptionNull: "clear",
    memoryStoreKey: "optional",
    memoryContent: "required",
    memoryVersion: "number",
    environmentConfig: "required",
    environmentConfigUpdate: "replace",
    environmentTypeChange: "reject",
    networking: "echo",
    unrestrictedNetworking: "as-sent",
    packageLists: "all",
    readOnlyPackages: "reject",
    packagesUnderLimited: "accept",
    setupScriptLimit: "65536-bytes",
    environmentNameLimit: undefined,
    environmentScope: "reject",
    emptyEnvironmentMetadata: "store",
  };
}

export function stringContent(switches: Switches): "echo" | "normalise" | "reject" {
  if (switches.stringContent !== "auto") return switches.stringContent;
  return switches.generation === 1 ? "echo" : "normalise";
}

export function blockContent(switches: Switches): "echo" | "string" {
  if (switches.blockContent !== "auto") return switches.blockContent;
  return switches.generation === 1 ? "string" : "echo";
}

export function hasCasConfig(switches: Switches): boolean {
  return switches.casConfig === "auto" ? switches.generation === 1 : switches.casConfig === "present";
}
