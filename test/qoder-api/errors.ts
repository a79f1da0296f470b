import type { JsonObject } from "./wire";

/** The error types by status, from "Conventions: errors". */
const ERROR_TYPES: Record<number, string> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  409: "conflict_error",
  429: "rate_limit_error",
  503: "feature_not_available",
};

export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly param?: string,
    readonly headers: Record<string, string> = {},
    readonly type = errorType(status),
  ) {
    super(message);
  }
}

export function invalid(message: string, param?: string): ApiError {
  return new ApiError(400, message, param);
}

export function unauthorized(): ApiError {
  return new ApiError(401, "Invalid API key or token.");
}

export function notFound(message: string): ApiError {
  return new ApiError(404, message);
}

export function conflict(message: string): ApiError {
  return new ApiError(409, message);
}

function errorType(status: number): string {
  return ERROR_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}

/** The envelope has `request_id` only since generation 2. */
export function errorEnvelope(error: ApiError, requestId: string, generation: 1 | 2): JsonObject {
  return {
    type: "error",
    ...(generation === 2 ? { request_id: requestId } : {}),
    error: {
      type: error.type,
      message: error.message,
      code: error.type.replace(/_error$/, "").toUpperCase(),
      ...(error.param === undefined ? {} : { param: error.param }),
    },
  };
}
