import type * as pulumi from "@pulumi/pulumi";

/** What is checked out; left out: the repository's default branch. */
export type CheckoutArgs =
  | {
      /** The newest commit of a branch. */
      readonly type: "branch";
      /** The name of the branch. */
      readonly name: pulumi.Input<string>;
    }
  | {
      /** One commit. */
      readonly type: "commit";
      /** Its hash. */
      readonly sha: pulumi.Input<string>;
    };

/** A repository at GitHub, cloned for each run. */
export interface GitHubRepositoryArgs {
  /** Tells it from the other resources. */
  readonly type: "github_repository";
  /** The repository's address, such as `https://github.com/acme/shop`. */
  readonly url: pulumi.Input<string>;
  /**
   * Always kept as a secret. The API never returns it, so only a change in the program is seen. Removed: the list is sent
   * without it; whether the service then forgets it, its documentation does not say.
   */
  readonly authorizationToken?: pulumi.Input<string | undefined>;
  /** Left out: the default branch. */
  readonly checkout?: pulumi.Input<CheckoutArgs | undefined>;
  /** Left out: the service derives it from the repository's name. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A repository anywhere else, cloned for each run. */
export interface GitRepositoryArgs {
  /** Tells it from the other resources. */
  readonly type: "git_repository";
  /** The repository's address, such as `https://git.example.com/acme/shop.git`. */
  readonly url: pulumi.Input<string>;
  /**
   * Always kept as a secret. The API never returns it, so only a change in the program is seen. Removed: the list is sent
   * without it; whether the service then forgets it, its documentation does not say.
   */
  readonly password?: pulumi.Input<string | undefined>;
  /** Left out: the default branch. */
  readonly checkout?: pulumi.Input<CheckoutArgs | undefined>;
  /** Left out: the service derives it from the repository's name. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** An uploaded file. */
export interface FileArgs {
  /** Tells it from the other resources. */
  readonly type: "file";
  /** The file's id (`file_...`). */
  readonly fileId: pulumi.Input<string>;
  /** Left out: below `/mnt/session/uploads`. */
  readonly mountPath?: pulumi.Input<string | undefined>;
}

/** A memory store, shared by the runs. */
export interface MemoryStoreArgs {
  /** Tells it from the other resources. */
  readonly type: "memory_store";
  /** The store's id (`memstore_...`). */
  readonly memoryStoreId: pulumi.Input<string>;
  /** Left out: the service's default. */
  readonly access?: pulumi.Input<"read_write" | "read_only" | undefined>;
  /** How the agent is to use the store: at most 4,096 characters. Left out: nothing. */
  readonly instructions?: pulumi.Input<string | undefined>;
}

/** What a run finds in its sandbox. */
export type ResourceArgs = GitHubRepositoryArgs | GitRepositoryArgs | FileArgs | MemoryStoreArgs;
