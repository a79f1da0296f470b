import {
  type Caller,
  QoderApiError,
  QoderConnectionError,
  QoderReplyError,
  QoderTimeLimitError,
  QoderTokenError,
} from "../../api/errors";

export interface Advice {
  readonly fits: (error: unknown, operation: string) => boolean;
  /** The remedy. `{noun}`, `{distinction}`, `{how}` and `{ids of references}` are replaced by the words of the kind. */
  readonly text: string;
  /** Facts about this answer, for the sentence before the remedy. */
  readonly detail?: (error: QoderApiError) => string | undefined;
}

const status = (error: unknown) => (error instanceof QoderApiError ? error.status : 0);

const lastConfiguration =
  "`refresh` and `destroy` use the configuration of the last `up` unless they get `--run-program`";

export const changingTokenAdvice =
  "Run the same command again: it gets a new token, and a write that was refused is never sent again by itself. If that is refused as well, check in the Qoder console that the service account may act in this workspace";

interface Asked {
  readonly caller?: Caller | undefined;
}

function tokenSource({ caller }: Asked): string | undefined {
  return caller === undefined ? undefined : `The token came from ${caller.tokenSource}`;
}

/** Whether the token is that of a QoderProvider, for whose resources no other token counts. */
function isOfProvider({ caller }: Asked): boolean {
  return caller?.tokenSource.startsWith("the QoderProvider") === true;
}

function workspace({ caller }: Asked): string | undefined {
  const named = caller?.workspace;
  return named === undefined ? undefined : `It was asked for in the workspace ${named.id}, from ${named.source}`;
}

export function whoAsked(asked: Asked): string | undefined {
  return sentences(tokenSource(asked), workspace(asked));
}

export function sentences(...texts: readonly (string | undefined)[]): string | undefined {
  const said = texts.filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join(". ");
}

/** The first remedy for a 404, if the base URL lacks the usual path. */
export function missingPathIn(error: unknown): string | undefined {
  return error instanceof QoderApiError && error.status === 404 ? error.caller?.missingPath : undefined;
}

/** The remedies for errors of all kinds. A message gives the first one that fits. */
const commonAdvices: readonly Advice[] = [
  {
    fits: (error) => error instanceof QoderTimeLimitError,
    text: "Run the same command again, it continues with the existing objects; if it needs more time, set the resource option `customTimeouts`, which counts for refreshes and removals from the next change of the {noun} on, or a lower `--parallel`",
  },
  {
    fits: (error) => error instanceof QoderConnectionError && !error.sent,
    text: `Nothing was sent; check the network and the base URL (qoder:baseUrl), then run the same command again. ${lastConfiguration}`,
  },
  {
    fits: (error) => error instanceof QoderConnectionError,
    text: "It is unknown whether the service acted; run the same command with the same program again, it continues with the existing objects",
  },
  {
    fits: (error) => error instanceof QoderReplyError,
    text: "The service may have acted; check that qoder:baseUrl is the API's own address, then run the same command with the same program again, it continues with the existing objects",
  },
  {
    fits: (error, operation) => status(error) === 400 && operation === "create",
    text: "The refused request changed nothing; correct the argument and run `pulumi up` again. Where it is right already, the service may be repeating an earlier refusal of the same request, for up to 24 hours: change another argument as well",
  },
  {
    fits: (error) => status(error) === 400,
    text: "The refused request changed nothing; correct the argument and run `pulumi up` again",
  },
  {
    fits: (error, operation) => error instanceof QoderTokenError && operation !== "look-up",
    text: `Without a token nothing is sent. ${lastConfiguration}`,
  },
  {
    fits: (error) => error instanceof QoderApiError && status(error) === 401 && error.caller?.hasChangingToken === true,
    detail: tokenSource,
    text: changingTokenAdvice,
  },
  {
    fits: (error) => error instanceof QoderApiError && status(error) === 401 && isOfProvider(error),
    detail: tokenSource,
    text: `Set a valid one: the pat of that QoderProvider. ${lastConfiguration}`,
  },
  {
    fits: (error) => status(error) === 401,
    detail: tokenSource,
    text: `Set a valid one: \`pulumi config set --secret qoder:pat\`, QODER_ACCESS_TOKEN, or the pat of the resource's QoderProvider. ${lastConfiguration}`,
  },
  {
    // A service may also refuse to update an object that is archived, or whose removal it did although the answer was lost.
    fits: (error, operation) => status(error) === 403 && operation === "update",
    detail: whoAsked,
    text: "If the {noun} is archived or gone, {how} takes it out of the state and the next `pulumi up` creates it again; otherwise check that the token belongs to the account and workspace of the {noun} (qoder:pat, qoder:workspaceId)",
  },
  {
    fits: (error) => status(error) === 403,
    detail: whoAsked,
    text: "Check that the token belongs to the account and workspace of the {noun} (qoder:pat, qoder:workspaceId)",
  },
  {
    fits: (error) => status(error) === 404 && error instanceof QoderApiError && error.param !== undefined,
    detail: workspace,
    text: "Check the id that the program gives for it, and that the token sees it",
  },
  {
    fits: (error, operation) => status(error) === 404 && operation === "create",
    detail: workspace,
    text: "Check {ids of references}the path of the base URL (qoder:baseUrl)",
  },
  {
    fits: (error) => status(error) === 404,
    detail: whoAsked,
    text: "If the {noun} is gone, {how} takes it out of the state and the next `pulumi up` creates it again; if it belongs to another account or workspace, give it the token of that one; if other calls fail as well, check the base URL (qoder:baseUrl)",
  },
  {
    fits: (error) =>
      status(error) === 409 && error instanceof QoderApiError && error.param !== undefined && error.param !== "name",
    text: "Compare what the program gives for it with what the service holds now, then run `pulumi up` again",
  },
  {
    fits: (error, operation) => status(error) === 409 && operation === "create",
    text: "Choose another {distinction}, or find the {noun} that has it and set `adopt` to its id",
  },
  {
    fits: (error) => status(error) === 409,
    text: "If it is the {distinction}, choose another one; otherwise run `pulumi refresh` to take in its present status, then `pulumi up`",
  },
  {
    fits: (error) => status(error) === 429,
    text: "The service limits requests; run the same command again, or with a lower `--parallel`",
  },
  {
    fits: (error) => error instanceof QoderApiError && error.type === "feature_not_available",
    text: "The service has switched this feature off for the account; ask Qoder, waiting does not change it",
  },
  {
    fits: (error) => status(error) >= 500,
    text: "The service failed; run the same command with the same program again later, it continues with the existing objects",
  },
  {
    fits: (error) => status(error) >= 400,
    text: "Check the base URL (qoder:baseUrl) and which proxy or gateway is between this machine and the service; if it is the service's own answer, ask Qoder with the request id",
  },
];

/** The words of a kind, and the remedies for errors that only this kind can meet. */
export interface Advised {
  readonly noun: string;
  /** The objects that the arguments name by ids, in words; absent if they name none. */
  readonly references?: string;
  /** What distinguishes objects of the kind, in words, and the argument with its text; absent if both are `name`. */
  readonly distinction?: { readonly words: string; readonly argument?: string };
  readonly advices?: readonly Advice[];
  /** Present for runs: no refresh takes a run out of the state. */
  readonly run?: unknown;
}

export function distinctionOf({ distinction }: Advised): string {
  return distinction?.words ?? "name";
}

/** The remedy for an error; empty if none fits, because the message itself has one. */
export function advice(error: unknown, operation: string, kind: Advised): string {
  const { noun, references, advices = [] } = kind;
  const given = [...advices, ...commonAdvices].find(({ fits }) => fits(error, operation));
  const ids = references === undefined ? "" : `the ids of ${references}, that the token sees them, and `;
  const text = given?.text
    .replaceAll("{noun}", noun)
    .replaceAll("{distinction}", distinctionOf(kind))
    .replaceAll("{how}", kind.run === undefined ? "`pulumi refresh`" : "`pulumi state delete`")
    .replaceAll("{ids of references}", ids);
  const detail = error instanceof QoderApiError ? given?.detail?.(error) : undefined;
  return sentences(missingPathIn(error), detail, text) ?? "";
}
