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
  /** The remedy. The words in braces are replaced by those of the kind and of the operation. */
  readonly text: string;
  /** Facts about this answer, for the sentence before the remedy. */
  readonly detail?: (error: QoderApiError) => string | undefined;
}

const status = (error: unknown) => (error instanceof QoderApiError ? error.status : 0);

/**
 * For a refresh and a removal: `up` has run the program, so its configuration is the present one. The commands of this package that start
 * Pulumi have no option `--run-program`.
 */
const lastConfiguration = "For a new configuration, set `PULUMI_RUN_PROGRAM=true`";

function usesLastConfiguration(operation: string): boolean {
  return operation === "read" || operation === "delete";
}

export const changingTokenAdvice =
  "Run the same command again: it gets a new token. If that is refused too, check in the Qoder console that the service account may act in this workspace";

interface Asked {
  readonly caller?: Caller | undefined;
}

function tokenSource({ caller }: Asked): string | undefined {
  return caller === undefined ? undefined : `Token from ${caller.tokenSource}`;
}

/** True if the token is that of a QoderProvider, for whose resources no other token counts. */
function isOfProvider({ caller }: Asked): boolean {
  return caller?.tokenSource.startsWith("the QoderProvider") === true;
}

function workspace({ caller }: Asked): string | undefined {
  const named = caller?.workspace;
  return named === undefined ? undefined : `Workspace ${named.id} from ${named.source}`;
}

export function whoAsked(asked: Asked): string | undefined {
  return sentences(tokenSource(asked), workspace(asked));
}

export function sentences(...texts: readonly (string | undefined)[]): string | undefined {
  const said = texts.filter((text) => text !== undefined);
  return said.length === 0 ? undefined : said.join(". ");
}

/** A message: what happened on the first line, what to do on the second. */
export function messageOf(reason: string, remedy: string | undefined): string {
  return remedy === undefined ? reason : `${reason}.\n${remedy}`;
}

/** The first remedy for a 404, if the base URL lacks the usual path. */
export function missingPathIn(error: unknown): string | undefined {
  return error instanceof QoderApiError && error.status === 404 ? error.caller?.missingPath : undefined;
}

/** The remedies for errors of all kinds. A message gives the first one that fits. */
const commonAdvices: readonly Advice[] = [
  {
    fits: (error, operation) => error instanceof QoderTimeLimitError && usesLastConfiguration(operation),
    text: "Run it again: it continues. For more time: a lower `--parallel`, or `customTimeouts` with a change of the {noun}",
  },
  {
    fits: (error) => error instanceof QoderTimeLimitError,
    text: "Run the same command again: it continues. For more time, set `customTimeouts` or a lower `--parallel`",
  },
  {
    fits: (error) => error instanceof QoderConnectionError && !error.sent,
    text: "Nothing was sent. Check the network and qoder:baseUrl, then run the same command again{last configuration}",
  },
  {
    fits: (error) => error instanceof QoderConnectionError,
    text: "The service may have acted. Run the same command with the same program again: it continues with the existing objects",
  },
  {
    fits: (error) => error instanceof QoderReplyError,
    text: "Check qoder:baseUrl, then run the same command with the same program again: it continues with the existing objects",
  },
  {
    fits: (error, operation) => status(error) === 400 && operation === "create",
    text: "Correct the argument and run `pulumi up` again. If it is right, change another one too: a refusal repeats for 24 hours",
  },
  {
    fits: (error) => status(error) === 400,
    text: "Nothing was changed. Correct the argument and run `pulumi up` again",
  },
  {
    fits: (error, operation) => error instanceof QoderTokenError && usesLastConfiguration(operation),
    text: lastConfiguration,
  },
  {
    fits: (error) => error instanceof QoderApiError && status(error) === 401 && error.caller?.hasChangingToken === true,
    detail: tokenSource,
    text: changingTokenAdvice,
  },
  {
    fits: (error) => error instanceof QoderApiError && status(error) === 401 && isOfProvider(error),
    detail: tokenSource,
    text: "Set a valid pat in that QoderProvider{last configuration}",
  },
  {
    fits: (error) => status(error) === 401,
    detail: tokenSource,
    text: "Set a valid token: `pulumi config set --secret qoder:pat`{last configuration}",
  },
  {
    // A service may also refuse to update an object that is archived, or whose removal it did although the answer was lost.
    fits: (error, operation) => status(error) === 403 && operation === "update",
    detail: whoAsked,
    text: "If the {noun} is archived or gone, run {how}, then `pulumi up`. Otherwise check the token",
  },
  {
    fits: (error) => status(error) === 403,
    detail: whoAsked,
    text: "Check that the token belongs to the account and workspace of the {noun}",
  },
  {
    fits: (error) => status(error) === 404 && error instanceof QoderApiError && error.param !== undefined,
    detail: workspace,
    text: "Check the id in the program, and that the token can see that object",
  },
  {
    fits: (error, operation) => status(error) === 404 && operation === "create",
    detail: workspace,
    text: "Check {ids of references}the path of qoder:baseUrl",
  },
  {
    fits: (error) => status(error) === 404,
    detail: whoAsked,
    text: "If the {noun} is gone, run {how}, then `pulumi up`. Otherwise use the token of its account",
  },
  {
    fits: (error) =>
      status(error) === 409 && error instanceof QoderApiError && error.param !== undefined && error.param !== "name",
    text: "Run `pulumi refresh`, then `pulumi preview --diff`, which compares the program with the service",
  },
  {
    fits: (error, operation) => status(error) === 409 && operation === "create",
    text: "Choose another {distinction}, or find the {noun} that has it and set `adopt` to its id",
  },
  {
    fits: (error) => status(error) === 409,
    text: "If the {distinction} is taken, choose another. Otherwise run `pulumi refresh`, then `pulumi up`",
  },
  {
    fits: (error) => status(error) === 429,
    text: "Run the same command again with a lower `--parallel`: the service limits requests",
  },
  {
    fits: (error) => error instanceof QoderApiError && error.type === "feature_not_available",
    text: "Ask Qoder: the feature is switched off for this account, and a retry does not help",
  },
  {
    fits: (error) => status(error) >= 500,
    text: "Run the same command with the same program again later: it continues with the existing objects",
  },
  {
    fits: (error) => status(error) >= 400,
    text: "Check qoder:baseUrl and the proxy between this machine and the service. If the service itself said this, ask Qoder with the request id",
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
  /** If a removal sends nothing, no refresh takes the object out of the state either. */
  readonly removal?: { readonly sendsNothing?: true };
}

export function distinctionOf({ distinction }: Advised): string {
  return distinction?.words ?? "name";
}

/** The reason, with a remedy on a line of its own if one fits; otherwise the reason itself has one. */
export function withAdvice(reason: string, error: unknown, operation: string, kind: Advised): string {
  const { noun, references, advices = [] } = kind;
  const given = [...advices, ...commonAdvices].find(({ fits }) => fits(error, operation));
  const ids = references === undefined ? "" : `the ids of ${references}, the token, and `;
  const text = given?.text
    .replaceAll("{noun}", noun)
    .replaceAll("{distinction}", distinctionOf(kind))
    .replaceAll("{how}", kind.removal?.sendsNothing ? "`pulumi state delete`" : "`pulumi refresh`")
    .replaceAll("{ids of references}", ids)
    .replaceAll("{last configuration}", usesLastConfiguration(operation) ? `. ${lastConfiguration}` : "");
  const detail = error instanceof QoderApiError ? given?.detail?.(error) : undefined;
  return messageOf(sentences(reason, detail) ?? "", sentences(missingPathIn(error), text));
}
