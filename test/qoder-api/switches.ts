import { defaultSessionSwitches, type SessionSwitches } from "./session-switches";
import { defaultUploadSwitches, type UploadSwitches } from "./upload-switches";
import { defaultVaultSwitches, type VaultSwitches } from "./vault-switches";

/**
 * The behaviour on which the API's pages contradict each other or say nothing. A test may change each switch while the server
 * runs.
 */
export interface Switches extends VaultSwitches, UploadSwitches, SessionSwitches {
  /** 1: the June 2026 pages (`cas_config`, string content, run statuses). 2: the pages since July 2026. */
  generation: 1 | 2;
  /** The shown form of event content sent as a string. "auto": as sent in generation 1, a text block in generation 2. */
  stringContent: "auto" | "echo" | "normalise" | "reject";
  /** How a reply shows a single text block. "auto": as a string in generation 1, as sent in generation 2. */
  blockContent: "auto" | "echo" | "string";
  /** Whether `metadata.cas_config` exists. "auto": only in generation 1; "present" in generation 2 has both forms. */
  casConfig: "auto" | "present" | "absent";
  casConfigMerge: "deep" | "shallow";
  /** The effect of `metadata.cas_config: null`. */
  casConfigNull: "delete" | "reset-defaults" | "reject";
  scheduleNull: "accept" | "reject" | "ignore";
  budget: "accept" | "reject" | "ignore-null";
  /** For deployments, whose archive renames them "to free the original name". */
  duplicateNames: "conflict" | "allow";
  /** For the other kinds: no page says whether their names are unique. */
  duplicateNamesElsewhere: "allow" | "conflict";
  /** "keep-refusals": the service also repeats a refusal under its key. */
  idempotencyKeys: "honour" | "keep-refusals" | "ignore";
  /** Whether keys count for kinds other than agents and deployments. Only the overview of all endpoints says so. */
  idempotencyKeysElsewhere: "honour" | "ignore";
  /** Whether keys count for runs. No page about runs names the header. */
  idempotencyKeysForRuns: "honour" | "ignore";
  /** How long the service remembers a key; 24 in "Conventions: idempotency". */
  keyHours: number;
  /** How long a GET of a new object answers 404 ("Errors": clients must tolerate this). Lists show the object at once. */
  hiddenForMs: number;
  /** How long a list of runs lacks a new run. */
  runsUnlistedForMs: number;
  /** Whether a run counts as a change of its deployment. */
  runTouchesDeployment: boolean;
  /** How far the header `Date` is ahead of the clock that stamps `created_at`. */
  dateAheadMs: number;
  createStatus: 200 | 201;
  /** The answer to every removal. "empty": 204 without a body, as the first pages of vaults and memory stores have it. */
  deleteReply: "object" | "empty";
  /** Which names the parameter `name` of a list finds. No page says. */
  nameFilter: "exact" | "part";
  /** The answer to a write that names an agent, agent version or environment which does not exist. */
  missingReference: 404 | 400;
  /** When the service checks the vaults, memory stores and files that a deployment names. No page says. */
  attachments: "at-run" | "at-write" | "unchecked";
  /**
   * When the service fills in members that a body left out. "at-once": as the switch of each member says. "late": the answer to
   * a write shows only the sent members, and each later GET also the defaults that the pages name.
   */
  fillingIn: "at-once" | "late";
  /**
   * Whether replies have additional members: in each skill, tool and team member, or in each object of an argument. Maps whose
   * keys belong to the user (`metadata`, `input_schema`) stay as sent.
   */
  addedMembers: "none" | "elements" | "objects";
  /** How the service orders lists without a meaning of order, such as `allowed_hosts`. */
  listOrder: "as-sent" | "reversed";
  /** "base-36": 20 digits of base 36 after the prefix, as in ids of August 2026; "hex": 32 digits, as in the examples. */
  idForm: "hex" | "base-36";
  /** How deep objects and lists of a body may be nested. No page has a number. */
  bodyDepth: number;
  /** Whether replies show the defaults of fields that were not sent. */
  fillDefaults: boolean;
  descriptionUnset: "" | null;
  environmentVariables: "verbatim" | "canonical";
  vaultOrder: "keep" | "sort";
  /** "optional" in the newest client's types; "required" in the resource table. */
  repositoryToken: "optional" | "required";
  archivedWrite: 409 | 403 | 400;
  unknownFields: "reject" | "accept";
  /** "missing": lists have no `next_page`, as in the sample of an empty account. */
  nextPage: "present" | "missing";
  /** "gateway": the flat 401 body of the gateway, without a request id. */
  unauthorized: "envelope" | "gateway";
  writeLimitPerSecond: number | undefined;
  readLimitPerSecond: number | undefined;
  retryAfter: "seconds" | "date" | "milliseconds" | "none";
  emptyPatchBumpsUpdatedAt: boolean;
  /** Whether an update of an agent must name its version ("Update an agent") or may ("optional", in the newest client's types). */
  agentVersion: "required" | "optional";
  /** The result of an update that changes nothing in an agent. */
  unchangedAgent: "new-version" | "same-version";
  /** The answer to archiving an archived agent. */
  archiveAgentTwice: 409 | 200;
  /** The answer to archiving an archived vault, credential or memory store. */
  archiveElsewhereTwice: 409 | 200;
  multiagentNull: "clear" | "reject";
  /** How a reply shows a model that was sent as a string. "resolved": with the effort and the context window of the model. */
  modelEcho: "as-given" | "object" | "resolved";
  /** How a reply shows a skill that was sent without a version. "resolved": with the newest version. */
  skillVersions: "as-sent" | "resolved";
  /** How a reply shows `default_config` and `configs` of a tool. "resolved": with every default. */
  toolSettings: "as-sent" | "resolved";
  /** The default of an `mcp_toolset`, which "resolved" settings show. */
  mcpPermissionPolicy: "always_ask" | "always_allow";
  /** For an MCP server without `mcp_toolset`: an example has such a server, and the newest client's types call it an error. */
  unusedMcpServers: "accept" | "reject";
  /** "off": the service refuses the browser tools, even with their beta header. */
  browserToolset: "available" | "off";
  /** The longest lifetime of a token of a service account, even if a request asks for a longer one. */
  longestTokenLifeSeconds: number;
  /** How the answer shows the lifetime of a token: clients accept a number and a decimal text. */
  expiresIn: "number" | "text";
  /** Whether the answer also shows the end of a token as a time. */
  exchangeExpiresAt: "present" | "absent";
  /** 64 is the limit in an older page. */
  memoryStoreNameLimit: 255 | 64;
  /** "Update a memory store" clears a description with an empty text, and in the newest client's types with null too. */
  memoryStoreDescriptionNull: "clear" | "reject";
  /** Whether "Create a memory store" refuses a request without an idempotency key. */
  memoryStoreKey: "optional" | "required";
  /** Whether "Update a memory" needs `content`: "required" in the guide, "optional" in the newest client's types. */
  memoryContent: "required" | "optional";
  /** How a memory shows its version: as `version` in the guide, as `memory_version_id` in the newest client's types. */
  memoryVersion: "number" | "id";
  /** "optional": an environment without `config` is a cloud environment with every default. */
  environmentConfig: "required" | "optional";
  /** "merge": an update keeps members of `config` that it leaves out, as in the newest client's types. */
  environmentConfigUpdate: "replace" | "merge";
  environmentTypeChange: "reject" | "accept";
  /** How a reply shows `networking`. "echo": only if it was sent; "materialise": always; "omit": never. */
  networking: "echo" | "materialise" | "omit";
  /** Whether a reply shows unrestricted networking together with the members of limited networking. */
  unrestrictedNetworking: "as-sent" | "with-limits";
  /** Whether a reply shows a list for each package manager, as in the examples, or only the sent lists. */
  packageLists: "all" | "as-sent";
  /** For a request with the lists `cargo`, `gem` or `go`, which the pages show only in replies. */
  readOnlyPackages: "reject" | "accept";
  /** For packages and limited networking without `allow_package_managers`: an example has both. */
  packagesUnderLimited: "accept" | "reject";
  /** 10000 characters is the limit of the China edition. */
  setupScriptLimit: "65536-bytes" | "10000-characters";
  /** The longest name of an environment. No page has a number. */
  environmentNameLimit: number | undefined;
  /** For the field `scope`, which only the newest client's types have. */
  environmentScope: "reject" | "accept";
  /** The effect of an empty text on its key in the metadata of an environment. */
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
