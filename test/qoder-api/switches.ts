/** A switch with these values, of which the first is the default. */
function oneOf<const Values extends readonly [unknown, ...unknown[]]>(...values: Values): Values[number] {
  return values[0];
}

/** A switch with this default. */
function initially<Value>(standard: Value): Value {
  return standard;
}

/** The behaviour on which the API's pages contradict each other or say nothing, with the default of each switch. */
export function defaultSwitches() {
  return {
    /** 1: the June 2026 pages (`cas_config`, string content, run statuses). 2: the pages since July 2026. */
    generation: oneOf(2, 1),
    /** The shown form of event content sent as a string. "auto": as sent in generation 1, a text block in generation 2. */
    stringContent: oneOf("auto", "echo", "normalise", "reject"),
    /** How a reply shows a single text block. "auto": as a string in generation 1, as sent in generation 2. */
    blockContent: oneOf("auto", "echo", "string"),
    /** Whether `metadata.cas_config` exists. "auto": only in generation 1; "present" in generation 2 has both forms. */
    casConfig: oneOf("auto", "present", "absent"),
    casConfigMerge: oneOf("deep", "shallow"),
    /** The effect of `metadata.cas_config: null`. */
    casConfigNull: oneOf("delete", "reset-defaults", "reject"),
    scheduleNull: oneOf("reject", "accept", "ignore"),
    budget: oneOf("accept", "reject", "ignore-null"),
    /** For deployments, whose archive renames them "to free the original name". */
    duplicateNames: oneOf("conflict", "allow"),
    /** For the other kinds: no page says whether their names are unique. */
    duplicateNamesElsewhere: oneOf("allow", "conflict"),
    /** "keep-refusals": the service also repeats a refusal under its key. */
    idempotencyKeys: oneOf("honour", "keep-refusals", "ignore"),
    /** Whether keys count for kinds other than agents and deployments. Only the overview of all endpoints says so. */
    idempotencyKeysElsewhere: oneOf("honour", "ignore"),
    /** Whether keys count for runs. No page about runs names the header. */
    idempotencyKeysForRuns: oneOf("honour", "ignore"),
    /** How long the service remembers a key; 24 in "Conventions: idempotency". */
    keyHours: 24,
    /** How long a GET of a new object answers 404 ("Errors": clients must tolerate this). Lists show the object at once. */
    hiddenForMs: 0,
    /** How long a list of runs lacks a new run. */
    runsUnlistedForMs: 0,
    /** Whether a run counts as a change of its deployment. */
    runTouchesDeployment: false,
    /** How far the header `Date` is ahead of the clock that stamps `created_at`. */
    dateAheadMs: 0,
    createStatus: oneOf(200, 201),
    /** The answer to every removal. "empty": 204 without a body, as the first pages of vaults and memory stores have it. */
    deleteReply: oneOf("object", "empty"),
    /** Which names the parameter `name` of a list finds. No page says. */
    nameFilter: oneOf("exact", "part"),
    /** The answer to a write that names an agent, agent version or environment which does not exist. */
    missingReference: oneOf(404, 400),
    /** When the service checks the vaults, memory stores and files that a deployment names. No page says. */
    attachments: oneOf("at-run", "at-write", "unchecked"),
    /**
     * When the service fills in members that a body left out. "at-once": as the switch of each member says. "late": the answer to
     * a write shows only the sent members, and each later GET also the defaults that the pages name.
     */
    fillingIn: oneOf("at-once", "late"),
    /**
     * Whether replies have additional members: in each skill, tool and team member, or in each object of an argument. Maps whose
     * keys belong to the user (`metadata`, `input_schema`) stay as sent.
     */
    addedMembers: oneOf("none", "elements", "objects"),
    /** How the service orders lists without a meaning of order, such as `allowed_hosts`. */
    listOrder: oneOf("as-sent", "reversed"),
    /** "base-36": 20 digits of base 36 after the prefix, as in ids of August 2026; "hex": 32 digits, as in the examples. */
    idForm: oneOf("hex", "base-36"),
    /** How deep objects and lists of a body may be nested. No page has a number. */
    bodyDepth: 32,
    /** Whether replies show the defaults of fields that were not sent. */
    fillDefaults: false,
    descriptionUnset: oneOf("", null),
    environmentVariables: oneOf("verbatim", "canonical"),
    vaultOrder: oneOf("keep", "sort"),
    /** "optional" in the newest client's types; "required" in the resource table. */
    repositoryToken: oneOf("optional", "required"),
    archivedWrite: oneOf(409, 403, 400),
    unknownFields: oneOf("reject", "accept"),
    /** What a list does with `before_id`, which the newest client's types have for some kinds only. */
    beforeId: oneOf("honour", "ignore", "reject"),
    /** Whether an entry of a list shows all that a GET shows. */
    listEntries: oneOf("whole", "without-metadata"),
    /** "missing": lists have no `next_page`, as in the sample of an empty account. */
    nextPage: oneOf("present", "missing"),
    /** "gateway": the flat 401 body of the gateway, without a request id. */
    unauthorized: oneOf("envelope", "gateway"),
    writeLimitPerSecond: initially<number | undefined>(undefined),
    readLimitPerSecond: initially<number | undefined>(undefined),
    retryAfter: oneOf("seconds", "date", "milliseconds", "none"),
    emptyPatchBumpsUpdatedAt: false,
    /** Whether an update of an agent must name its version ("Update an agent") or may ("optional", in the newest client's types). */
    agentVersion: oneOf("required", "optional"),
    /** The result of an update that changes nothing in an agent. */
    unchangedAgent: oneOf("new-version", "same-version"),
    /** The answer to archiving an archived agent. */
    archiveAgentTwice: oneOf(409, 200),
    /** The answer to archiving an archived vault, credential or memory store. */
    archiveElsewhereTwice: oneOf(409, 200),
    multiagentNull: oneOf("clear", "reject"),
    /** How a reply shows a model that was sent as a string. "resolved": with the effort and the context window of the model. */
    modelEcho: oneOf("as-given", "object", "resolved"),
    /** How a reply shows a skill that was sent without a version. "resolved": with the newest version. */
    skillVersions: oneOf("as-sent", "resolved"),
    /** How a reply shows `default_config` and `configs` of a tool. "resolved": with every default. */
    toolSettings: oneOf("as-sent", "resolved"),
    /** The default of an `mcp_toolset`, which "resolved" settings show. */
    mcpPermissionPolicy: oneOf("always_ask", "always_allow"),
    /** For an MCP server without `mcp_toolset`: an example has such a server, and the newest client's types call it an error. */
    unusedMcpServers: oneOf("accept", "reject"),
    /** "off": the service refuses the browser tools, even with their beta header. */
    browserToolset: oneOf("available", "off"),
    /** The longest lifetime of a token of a service account, even if a request asks for a longer one. */
    longestTokenLifeSeconds: 43_200,
    /** How the answer shows the lifetime of a token: clients accept a number and a decimal text. */
    expiresIn: initially<"number" | "text">("number"),
    /** Whether the answer also shows the end of a token as a time. */
    exchangeExpiresAt: oneOf("present", "absent"),
    /** 64 is the limit in an older page. */
    memoryStoreNameLimit: oneOf(255, 64),
    /** "Update a memory store" clears a description with an empty text, and in the newest client's types with null too. */
    memoryStoreDescriptionNull: oneOf("clear", "reject"),
    /** Whether "Create a memory store" refuses a request without an idempotency key. */
    memoryStoreKey: oneOf("optional", "required"),
    /** Whether "Update a memory" needs `content`: "required" in the guide, "optional" in the newest client's types. */
    memoryContent: oneOf("required", "optional"),
    /** How a memory shows its version: as `version` in the guide, as `memory_version_id` in the newest client's types. */
    memoryVersion: initially<"number" | "id">("number"),
    /** "optional": an environment without `config` is a cloud environment with every default. */
    environmentConfig: oneOf("required", "optional"),
    /** "merge": an update keeps members of `config` that it leaves out, as in the newest client's types. */
    environmentConfigUpdate: oneOf("replace", "merge"),
    environmentTypeChange: oneOf("reject", "accept"),
    /** How a reply shows `networking`. "echo": only if it was sent; "materialise": always; "omit": never. */
    networking: oneOf("echo", "materialise", "omit"),
    /** Whether a reply shows unrestricted networking together with the members of limited networking. */
    unrestrictedNetworking: oneOf("as-sent", "with-limits"),
    /** Whether a reply shows a list for each package manager, as in the examples, or only the sent lists. */
    packageLists: oneOf("all", "as-sent"),
    /** For a request with the lists `cargo`, `gem` or `go`, which the pages show only in replies. */
    readOnlyPackages: oneOf("reject", "accept"),
    /** For packages and limited networking without `allow_package_managers`: an example has both. */
    packagesUnderLimited: oneOf("accept", "reject"),
    /** 10000 characters is the limit of the China edition. */
    setupScriptLimit: oneOf("65536-bytes", "10000-characters"),
    /** The longest name of an environment. No page has a number. */
    environmentNameLimit: initially<number | undefined>(undefined),
    /** For the field `scope`, which only the newest client's types have. */
    environmentScope: oneOf("reject", "accept"),
    /** The effect of an empty text on its key in the metadata of an environment. */
    emptyEnvironmentMetadata: oneOf("store", "delete"),

    // Vaults and credentials.
    /** The answer to an update of a vault, which no page describes. */
    vaultUpdate: oneOf(404, 405),
    /** The effect of "Archive a vault" on the credentials in the vault. The page does not say. */
    archivedVault: oneOf("keep-credentials", "archive-credentials"),
    /** For a second live credential for one MCP server or variable in a vault. No page says; similar services refuse it. */
    duplicateCredentials: oneOf("conflict", "allow"),
    /** How many live credentials a vault may hold. No page has a number. */
    credentialsPerVault: initially<number | undefined>(undefined),
    /** The answer to an update of an archived credential: "Update a credential" speaks only of active ones. */
    archivedCredentialWrite: oneOf(400, 409, 403),
    /** "neutral": messages that refuse a credential repeat nothing of the body, as in "Forward: vaults". */
    credentialMessages: oneOf("plain", "neutral"),
    /** "Create a credential" needs the name and the value of a variable, and in the newest client's types also its hosts. */
    variableNetworking: oneOf("optional", "required"),
    /**
     * The handling of `networking` and `injection_location` of a variable, which only the newest client's types have. "fixed":
     * the service refuses an update of them; "dropped": it accepts and forgets them.
     */
    variableSettings: oneOf("stored", "fixed", "dropped"),
    /** Whether an update may carry `refresh.resource`: "Update a credential" does not name it. */
    refreshResource: oneOf("fixed", "updatable"),

    // Skills, files and models.
    /** The status of "Create a skill": 201 in an older page. Nobody has seen the newest page. */
    skillCreateStatus: oneOf(201, 200),
    /** Whether "Create a skill" still accepts the part `file` of older pages: a zip with SKILL.md in its root or in one folder. */
    legacySkillFile: oneOf("accept", "reject"),
    /** The largest package of "Create a skill version", packed and unpacked. Older pages say 5 MB and 10 MB. */
    skillPackageBytes: 50 * 1024 * 1024,
    /** How many files a package may hold. No page has a number. */
    skillFiles: initially<number | undefined>(undefined),
    /** The longest description in SKILL.md. No page has a number; the open format of skills has 1024. */
    skillDescriptionLimit: initially<number | undefined>(undefined),
    /**
     * Whether a skill shows `description`, and a version `content_size`, `content_sha256`, `status` and `updated_at`: real
     * replies of August 2026 do, the newest page and the clients' types do not.
     */
    skillDetails: oneOf("shown", "omitted"),
    /** The answer of "Get the content of a skill version": the uploaded zip, or a zip that the service made of the same files. */
    skillContent: oneOf("as-uploaded", "repacked"),
    /** Whether a list of skills without `source` also shows the skills of the catalogue. No page says. */
    skillListWithoutSource: oneOf("all", "custom"),
    /** The answer to an agent with a skill that does not exist. "Create an agent" names an answer only for unknown versions. */
    missingSkill: oneOf("accept", 400, 404),
    /** The effect on a run if its agent names a deleted version of a skill: "Delete a skill version" does not say. */
    deletedSkillVersion: oneOf("ignored", "run-error"),
    /** The answer to an agent with a model that "List models" does not show. No page says. */
    unknownModel: oneOf("accept", 400),
    /** "away": "List models" answers 503, as if the service could not reach the catalogue. */
    modelCatalogue: oneOf("available", "away"),
    /** The largest file: "Upload a file" says about 5 MB, the pages of June 2026 say 50 MB. */
    fileBytes: 5 * 1024 * 1024,
    /** The answer to a file that is too large. No page says. */
    fileTooLarge: oneOf(400, 413),
    /** "Upload a file" accepts only text, and does not define text: the stand-in accepts UTF-8 without NUL. */
    fileContent: oneOf("text", "any"),
    /** Whether a file that does not expire shows `expires_at: null`, as only the clients' types say. */
    fileExpiresAt: oneOf("when-set", "always"),
    /** Whether "Get the content of a file" refuses a person's upload. One page says so; a published test downloads one. */
    fileContentOfUploads: oneOf("accept", 403),
    /** Which characters of a file's name the service keeps. "Upload a file" says only that it cleans the name. */
    fileNames: oneOf("printable", "portable"),
    /** The status of the refusal to delete a file that an active session uses: "Delete a file" names none. */
    fileInUse: oneOf(409, 400, "delete"),

    // Sessions and events, and the times at which sessions start and end.
    /** How long a new session is idle before it runs. "Sessions" says that it is idle at first, and not how long. */
    sessionsStart: initially<"never" | number>(0),
    /** When a running session ends: only on a call of the console, at once, or after this many milliseconds of the service's clock. */
    sessionsEnd: initially<"never" | "at-once" | number>("never"),
    /** How long a session still runs after "Cancel a session". The published test of the service waits for its end. */
    cancelTakesMs: 0,
    /** The status during a cancellation. One page lists `canceling` as a status, another uses it only in the answer. */
    cancelingStatus: oneOf("running", "canceling"),
    /** The effect of "Cancel a session" on a session that waits for a user. The page says only that an idle session stays idle. */
    cancelWaiting: oneOf("no-op", "cancelled"),
    /** The answer to the cancellation of a terminated session. No page says. */
    cancelTerminated: oneOf(200, 409),
    /** The answer to archiving or deleting a session that runs. No page says. */
    removeRunningSession: oneOf(200, 409),
    /** The answer to archiving an archived session. No page says. */
    archiveSessionTwice: oneOf(409, 200),
    /** Whether a session shows the parts of its credits, which only the newest client's types have. */
    usageParts: oneOf("omitted", "shown"),
    /** How long after the work the credits of the sandbox appear: "Pricing" settles them every hour. */
    sandboxCreditsLateMs: 0,
    /** Whether "List sessions" takes several statuses in one parameter, with commas. The clients send `statuses[]`. */
    commaSeparatedStatuses: oneOf("honour", "reject"),
    /** Whether "List session events" filters by `types[]`, which the clients send and no page names. */
    eventTypes: oneOf("honour", "ignore", "reject"),
    /** The order of "List session events" if the query gives none. */
    eventOrder: oneOf("asc", "desc"),
    /** Whether lists honour the filters `agent_id` and `deployment_id`. */
    ownerFilters: oneOf("honour", "ignore"),
    /** Whether "List session events" honours the order of the query. */
    eventOrderQuery: oneOf("honour", "ignore"),
    /** The gradings that a session shows, and their order. No page says. */
    outcomeEvaluations: oneOf("last", "oldest-first", "newest-first"),
  };
}

/** A test may change each switch while the server runs. */
export type Switches = ReturnType<typeof defaultSwitches>;
