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
    /** How a reply shows a single text block. "auto": as a string in generation 1, as sent in generation 2. */
    blockContent: oneOf("auto", "echo", "string"),
    /** Whether `metadata.cas_config` exists. "auto": only in generation 1; "present" in generation 2 has both forms. */
    casConfig: oneOf("auto", "present", "absent"),
    casConfigMerge: oneOf("deep", "shallow"),
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
    /** The answer to every removal. "empty": 204 without a body, as the first pages of vaults and memory stores have it. */
    deleteReply: oneOf("object", "empty"),
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
    /** Whether replies show the defaults of fields that were not sent. */
    fillDefaults: false,
    environmentVariables: oneOf("verbatim", "canonical"),
    /** "optional" in the newest client's types; "required" in the resource table. */
    repositoryToken: oneOf("optional", "required"),
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
    /** Whether an update of an agent must name its version ("Update an agent") or may ("optional", in the newest client's types). */
    agentVersion: oneOf("required", "optional"),
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
    /** "merge": an update keeps members of `config` that it leaves out, as in the newest client's types. */
    environmentConfigUpdate: oneOf("replace", "merge"),
    /** How a reply shows `networking`. "echo": only if it was sent; "materialise": always; "omit": never. */
    networking: oneOf("echo", "materialise", "omit"),
    /** Whether a reply shows unrestricted networking together with the members of limited networking. */
    unrestrictedNetworking: oneOf("as-sent", "with-limits"),
    /** Whether a reply shows a list for each package manager, as in the examples, or only the sent lists. */
    packageLists: oneOf("all", "as-sent"),
    /** The effect of an empty text on its key in the metadata of an environment. */
    emptyEnvironmentMetadata: oneOf("store", "delete"),

    // Vaults and credentials.
    /** For a second live credential for one MCP server or variable in a vault. No page says; similar services refuse it. */
    duplicateCredentials: oneOf("conflict", "allow"),

    /** Whether an update keeps members of `auth` that it leaves out: "Update a credential" says so of `metadata` alone. */
    credentialUpdate: oneOf("merge", "replace"),

    // Skills, files and models.
    /** For the names of skills and files. Real replies show several skills with one title. */
    duplicateUploads: oneOf("allow", "conflict"),
    /** Which version a skill names as `latest_version`. */
    latestVersion: oneOf("newest", "first"),
    /** The answer of "Get the content of a skill version": the uploaded zip, or a zip that the service made of the same files. */
    skillContent: oneOf("as-uploaded", "repacked"),
    /** How many microseconds after its newest version a skill is updated; undefined as the latitude chooses, or as in a published reply. */
    skillUpdatedLateUs: initially<number | undefined>(undefined),
    /** Whether a list of skills without `source` also shows the skills of the catalogue. No page says. */
    skillListWithoutSource: oneOf("all", "custom"),
    /** "away": "List models" answers 503, as if the service could not reach the catalogue. */
    modelCatalogue: oneOf("available", "away"),
    /** Whether "Get the content of a file" refuses a person's upload. One page says so; a published test downloads one. */
    fileContentOfUploads: oneOf("accept", 403),
    /** Which characters of a file's name the service keeps. "Upload a file" says only that it cleans the name. */
    fileNames: oneOf("printable", "portable"),

    // Sessions and events, and the times at which sessions start and end.
    /** How long a new session is idle before it runs. "Sessions" says that it is idle at first, and not how long. */
    sessionsStart: initially<"never" | number>(0),
    /** When a running session ends: only on a call of the console, at once, or after this many milliseconds of the service's clock. */
    sessionsEnd: initially<"never" | "at-once" | number>("never"),
    /** Whether the session of a run names its deployment. */
    sessionDeployment: oneOf("named", "unnamed"),
    /** Whether `updated_at` of a session moves with its events. */
    sessionUpdates: oneOf("with-events", "never"),
    /** How long a session still runs after "Cancel a session". The published test of the service waits for its end. */
    cancelTakesMs: 0,
    /** The status during a cancellation. One page lists `canceling` as a status, another uses it only in the answer. */
    cancelingStatus: oneOf("running", "canceling"),
    /** The effect of "Cancel a session" on a session that waits for a user. The page says only that an idle session stays idle. */
    cancelWaiting: oneOf("no-op", "cancelled"),
    /** How long after the work the credits of the sandbox appear: "Pricing" settles them every hour. */
    sandboxCreditsLateMs: 0,
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
