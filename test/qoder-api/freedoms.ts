import type { JsonObject } from "./wire";

/** What the pages of the API leave open, and why. A test that needs one of them closed pins it by its name. */
export const freedoms = {
  members: "JSON gives the members of an object no order",
  lists: "no page gives these lists an order",
  unknown: 'the API is in beta: "Conventions: versioning" lets replies have further members',
  inside: "the same, for members within an argument, which stay as the service has stored them",
  unset: "the pages, the examples and the types of the clients show an unset member in different forms",
  ids: "the examples show 32 digits after the prefix, published replies 20 of base 36, and no page states a form",
  times: "no page says that two members have one time, and published replies differ by 1 to 50 ms",
  moves: "no page says whether the service updates `updated_at` with its own work",
  late: 'no page says how soon reads show a write; "Errors": clients tolerate 404 shortly after a create',
} as const;

export type Freedom = keyof typeof freedoms;

type Form = "absent" | "null" | "empty" | "present";

export interface OptionalMember {
  /** The `type` of the object. */
  readonly kind: string;
  readonly path: readonly string[];
  readonly forms: readonly Form[];
  /** True if the service may also leave out a member that is set. */
  readonly isAlwaysFree?: true;
  /** What leaves it open. */
  readonly page: string;
}

const types = "the types of the official clients allow null, the examples lack the member";
const undocumented = {
  forms: ["absent", "present"],
  isAlwaysFree: true,
  page: "published replies have the member, the newest page lacks it",
} as const;

/** The optional members, and the forms that the service may choose from at each reply. */
export const optionalMembers: readonly OptionalMember[] = [
  { kind: "deployment", path: ["description"], forms: ["empty", "null"], page: "no example of a deployment lacks it" },
  { kind: "deployment", path: ["budget"], forms: ["absent", "null"], page: types },
  { kind: "deployment", path: ["schedule", "last_run_at"], forms: ["absent", "null"], page: types },
  {
    kind: "vault_credential",
    path: ["display_name"],
    forms: ["null", "absent"],
    page: '"Create a credential": not stored',
  },
  { kind: "vault_credential", path: ["auth", "expires_at"], forms: ["absent", "null"], page: types },
  { kind: "vault_credential", path: ["auth", "refresh"], forms: ["absent", "null"], page: types },
  { kind: "vault_credential", path: ["auth", "refresh", "scope"], forms: ["absent", "null"], page: types },
  { kind: "vault_credential", path: ["auth", "refresh", "resource"], forms: ["absent", "null"], page: types },
  { kind: "memory_store", path: ["archived_at"], forms: ["null", "absent"], page: "the pages of May 2026 lack it" },
  { kind: "skill", path: ["description"], ...undocumented },
  { kind: "skill_version", path: ["content_size"], ...undocumented },
  { kind: "skill_version", path: ["content_sha256"], ...undocumented },
  { kind: "skill_version", path: ["status"], ...undocumented },
  { kind: "skill_version", path: ["updated_at"], ...undocumented },
  { kind: "file", path: ["expires_at"], forms: ["absent", "null"], page: types },
  { kind: "session", path: ["title"], forms: ["null", "absent"], page: types },
  { kind: "session", path: ["budget"], forms: ["absent", "null"], page: types },
  { kind: "error", path: ["error", "code"], ...undocumented },
  { kind: "list", path: ["next_page"], forms: ["null", "absent"], page: '"Conventions: pagination": the empty sample' },
];

/** Lists without a meaning of order. The order of `vault_ids` is on no page. */
export const unorderedLists = [
  ...["allowed_hosts", "configs", "disallowed_tools", "enabled_tools", "event_ids", "vault_ids"],
  ...["apt", "cargo", "gem", "go", "npm", "pip"],
];

/** Maps whose members belong to the user: the service adds nothing to them. */
export const userMaps = ["environment_variables", "input", "input_schema", "metadata"];

/** Members that no page has. */
export const unknownMembers: Readonly<JsonObject> = {
  etag: "W/7",
  generation: 3,
  region: "eu-1",
  revision: "r1",
  labels: [],
  owner: null,
  links: { self: "/" },
};
