import type { ResourceValue } from "../../../provider/deployment/resources";
import type { ArgumentRow } from "../argument-row";

const kinds = "is not one of github_repository, git_repository, file, memory_store";
const example = '{ type: "file", fileId: "file_..." }';
const url = "https://example.com/one";
const repository = { type: "github_repository", url, authorizationToken: "token" };
const shownRepository = { type: "github_repository", url };
const sentRepository = { ...shownRepository, authorization_token: "token" };
const filledIn = { mount_path: "/data/workspace/one", checkout: null };
const file = { type: "file", fileId: "file_a", mountPath: "/a" };
const shownFile = { type: "file", file_id: "file_a", mount_path: "/a" };
const store = { type: "memory_store", memoryStoreId: "memstore_a" };
const shownStore = { type: "memory_store", memory_store_id: "memstore_a" };

export const resources: ArgumentRow<readonly ResourceValue[]> = {
  leftOut: "cleared",
  value: [repository, file, store],
  everyShape: [
    {
      type: "github_repository",
      url: "https://github.com/acme/a",
      authorizationToken: "ghp_a",
      checkout: { type: "branch", name: "main" },
      mountPath: "/a",
    },
    {
      type: "git_repository",
      url: "https://git.example/b",
      password: "glpat",
      checkout: { type: "commit", sha: "a" },
      mountPath: "/b",
    },
    { type: "file", fileId: "file_a", mountPath: "/c" },
    { type: "memory_store", memoryStoreId: "memstore_a", access: "read_only", instructions: "Read it" },
  ],
  otherForms: {
    "of every kind": [
      { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "t", mountPath: "/a" },
      {
        type: "git_repository",
        url: "https://git.example/b",
        password: "p",
        checkout: { type: "branch", name: "main" },
      },
      { type: "file", fileId: "file_1" },
      { type: "memory_store", memoryStoreId: "memstore_1", access: "read_only", instructions: "read first" },
    ],
  },
  limits: [Array(500).fill({ type: "file", fileId: "file_a" })],
  sent: { resources: [sentRepository, shownFile, shownStore] },
  removed: { resources: [] },
  shown: { resources: [shownRepository, shownFile, shownStore] },
  described: [shownRepository, file, store],
  unset: { resources: [] },
  renditions: [
    [[repository], { resources: [{ ...shownRepository, ...filledIn }] }],
    [[store], { resources: [{ ...shownStore, access: "read_write" }] }],
    [
      [{ type: "git_repository", url, password: "p" }],
      { resources: [{ ...shownRepository, type: "git_repository", ...filledIn }] },
    ],
    [[{ type: "file", fileId: "file_a" }], { resources: [{ type: "file", file_id: "file_a", mount_path: "/m" }] }],
  ],
  same: [
    [[store], { resources: [{ ...shownStore, instructions: null }] }],
    [
      [{ type: "file", fileId: "file_a" }],
      { resources: [{ type: "file", file_id: "file_a", mount_path: "/mnt/session/uploads/file_a" }] },
    ],
    [
      [{ ...repository, url: "https://example.com/one.git" }],
      { resources: [{ ...shownRepository, url: "https://example.com/one.git", mount_path: "/workspace/one" }] },
    ],
    [[repository], { resources: [{ ...shownRepository, id: "sesr_1", created_at: "x", updated_at: "x" }] }],
    [
      [
        { ...repository, authorizationToken: "a", mountPath: "/a" },
        { ...repository, authorizationToken: "b", mountPath: "/b" },
      ],
      {
        resources: [
          { ...shownRepository, mount_path: "/a" },
          { ...shownRepository, mount_path: "/b" },
        ],
      },
    ],
    [undefined, { resources: [] }],
    [[], { resources: null }],
  ],
  drift: [
    [[repository], { resources: [] }],
    [[{ ...repository, mountPath: "/a" }], { resources: [{ ...shownRepository, mount_path: "/b" }] }],
    [[repository], { resources: [{ ...shownRepository, url: "https://example.com/two" }] }],
    [undefined, { resources: [{ type: "file", file_id: "file_a" }] }],
    [[repository], { resources: [{ ...shownRepository, checkout: { type: "commit", sha: "a" } }] }],
    [[store], { resources: [{ ...shownStore, instructions: "x" }] }],
    // No page has the default of `access`.
    [[store], { resources: [{ ...shownStore, access: "read_write" }] }],
  ],
  edited: {
    by: { resources: [sentRepository, { type: "file", file_id: "file_b", mount_path: "/data" }] },
    to: [repository, { type: "file", fileId: "file_b", mountPath: "/data" }],
  },
  mistakes: [
    [Array(501).fill({ type: "file", fileId: "file_a" }), ["resources: has more than 500 elements"]],
    [{ type: "file", fileId: "file_a" }, [`resources: is an object; write [${example}]`]],
    [["file_a"], [`resources[0]: is a string; write ${example}`]],
    [[{ type: "disk" }], [`resources[0].type: ${kinds}`]],
    [[{ type: "github_repository" }], ["resources[0].url: is missing"]],
    [
      [{ type: "file", fileId: "file_a", tunnelId: "x" }],
      ["resources[0].tunnelId: is not known here; known are type, fileId, mountPath"],
    ],
    [
      [{ type: "github_repository", url, password: "x" }],
      ["resources[0].password: is not known here; known are type, url, authorizationToken, checkout, mountPath"],
    ],
    [
      [{ type: "file", file_id: "file_a" }],
      ["resources[0].fileId: is missing", "resources[0].file_id: is not known here; did you mean fileId?"],
    ],
    [
      [{ type: "file", fileId: "glossary.md", mountPath: "" }],
      [
        "resources[0].fileId: is not the id of a file: file_ and letters, digits, _ or -; give the QoderFile itself, or its id",
        "resources[0].mountPath: is empty",
      ],
    ],
    [[{ ...store, access: "rw" }], ["resources[0].access: is not one of read_write, read_only"]],
    [[{ ...store, instructions: "x".repeat(4_097) }], ["resources[0].instructions: has more than 4096 characters"]],
    [
      [{ type: "git_repository", url, checkout: { type: "tag" } }],
      ["resources[0].checkout.type: is not one of branch, commit"],
    ],
  ],
};
