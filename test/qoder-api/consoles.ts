import type { Collections } from "./collections";
import type { StoredCredential } from "./credentials";
import type { DeploymentOverwrite } from "./deployments";
import type {
  ManagedObjects,
  MemberPath,
  Overwrite,
  Owner,
  PatchedObjects,
  SharedFields,
  StoredObject,
} from "./managed-objects";
import { type Service, wholeSeconds } from "./service";
import type { Credits, Evaluation, SessionEnding, StoredSession } from "./session-life";
import type { Sessions } from "./sessions";
import type { SkillPackage } from "./skill-package";
import type { StoredSkillVersion } from "./skill-versions";
import type { ErrorDetail, FileMetadata, JsonObject, Session, Skill, VaultCredential } from "./wire";
import { zip } from "./zip";

/**
 * The actions of a person at the console of Qoder. The rules of the API count, and no request is recorded. New objects belong
 * to the first account unless the caller names another, in its default workspace.
 */
export interface Console<Reply, Fields = Overwrite<Reply>> {
  get(id: string): Reply;
  all(): Reply[];
  live(): Reply[];
  edit(id: string, patch: JsonObject): Reply;
  /** Sets stored fields without any check. `metadata` is merged at every depth. */
  overwrite(id: string, fields: Fields): Reply;
  archive(id: string): Reply;
  /** Changes or adds one member of the shown object, at any depth and without any check; a write of its field undoes that. */
  changeMember(id: string, path: MemberPath, value: unknown): Reply;
  /** Takes back every change of single members. */
  restoreMembers(id: string): Reply;
  /** Removes the object: a GET then answers 404. */
  remove(id: string): void;
}

type OwnerOf = (account?: string, workspace?: string) => Owner;

export function consoleOf<Stored extends StoredObject, Reply>(
  objects: ManagedObjects<Stored, Reply>,
): Console<Reply, Overwrite<Stored["fields"]>> {
  const of = (id: string) => objects.require(id);
  const reply = (stored: Stored) => objects.reply(stored);
  return {
    get: (id) => reply(of(id)),
    all: () => objects.all().map(reply),
    live: () => objects.live().map(reply),
    edit: (id, patch) => reply(objects.update(of(id), patch)),
    overwrite: (id, fields) => reply(objects.overwrite(of(id), fields)),
    archive: (id) => reply(objects.archive(of(id), {})),
    changeMember: (id, path, value) => reply(objects.changeMember(of(id), path, value)),
    restoreMembers: (id) => reply(objects.restoreMembers(of(id))),
    remove: (id) => objects.remove(id),
  };
}

/** The console of a kind of which a person makes objects without any check. */
function makingConsole<Fields extends SharedFields, Reply extends Partial<Fields>>(
  objects: PatchedObjects<Fields, Reply, object>,
  ownerOf: OwnerOf,
) {
  return {
    ...consoleOf<StoredObject<Fields>, Reply>(objects),
    create: (overrides: Partial<Fields> = {}, account?: string, workspace?: string) =>
      objects.reply(objects.place(ownerOf(account, workspace), overrides)),
  };
}

function sessionConsole(sessions: Sessions, { clock }: Service, ownerOf: OwnerOf) {
  const { life } = sessions;
  const now = () => clock().getTime();
  const after = (id: string, happen: (stored: StoredSession) => void) => {
    const stored = sessions.require(id);
    happen(stored);
    return sessions.reply(sessions.require(id));
  };
  return {
    ...consoleOf(sessions),
    /** Adds a session of another client, which no deployment started. */
    create: (overrides: Partial<Session> = {}, account?: string, workspace?: string) =>
      sessions.reply(sessions.place(ownerOf(account, workspace), overrides)),
    events: (id: string) => structuredClone(sessions.require(id).events),
    /** Ends the work of the session, with success unless `ending` says otherwise. */
    end: (id: string, ending: SessionEnding = {}) => after(id, (stored) => life.end(stored, ending, now())),
    evaluate: (id: string, evaluation: Evaluation) => after(id, (stored) => life.evaluate(stored, evaluation, now())),
    spend: (id: string, credits: Credits) => after(id, (stored) => life.spend(stored, credits)),
    /** Starts the work again, as after a message of a user. */
    resume: (id: string) => after(id, (stored) => life.begin(stored, now())),
    /** Marks the session as tried again by the service. `error`: members of the error event. */
    reschedule: (id: string, error: JsonObject = {}) => after(id, (stored) => life.reschedule(stored, error, now())),
    addEvent: (id: string, { type, ...members }: JsonObject & { type: string }) =>
      structuredClone(life.tell(sessions.require(id), type, members, now())),
  };
}

/** The contents of files by their paths below the directory of the skill. */
type SkillFiles = Record<string, string | Buffer>;

function skillConsole({ skills, skillVersions: versions }: Collections, ownerOf: OwnerOf) {
  // No skill is archived.
  const { archive: _archive, live: _live, ...shared } = consoleOf(skills);
  const versionOf = (id: string, version?: string): StoredSkillVersion => {
    const all = versions.of(skills.require(id).id);
    const found = version === undefined ? all[0] : all.find(({ fields }) => fields.version === version);
    if (found === undefined) throw new Error(`${id} has no version ${version ?? ""}`);
    return found;
  };
  return {
    ...shared,
    /** A download answers with `archive`, if it is given, in place of the zip of the files. */
    create: (
      {
        name = "skill",
        files,
        archive,
        ...overrides
      }: Partial<Skill> & { name?: string; files?: SkillFiles; archive?: Uint8Array } = {},
      account?: string,
      workspace?: string,
    ) => {
      const made = packed(name, files);
      const uploaded = archive === undefined ? made : { ...made, archive: Buffer.from(archive) };
      return skills.reply(skills.place(ownerOf(account, workspace), uploaded, overrides));
    },
    addVersion: (id: string, files?: SkillFiles) => {
      const stored = skills.require(id);
      return versions.reply(skills.keepVersion(stored, packed(stored.fields.name, files)));
    },
    removeVersion: (id: string, version: string) => versions.remove(versionOf(id, version).id),
    /** Newest first. */
    versions: (id: string) => versions.of(skills.require(id).id).map((stored) => versions.reply(stored)),
    /** The files of a version, by default of the newest, by their paths below the directory of the skill. */
    files: (id: string, version?: string) => {
      const { files, fields } = versionOf(id, version);
      return Object.fromEntries(files.map(({ path, content }) => [path.slice(fields.name.length + 1), content]));
    },
  };
}

function packed(name: string, files: SkillFiles = {}): SkillPackage {
  const description = "What the skill is for";
  const all = { "SKILL.md": `---\nname: ${name}\ndescription: ${description}\n---\n`, ...files };
  const entries = Object.entries(all).map(([path, content]) => ({
    path: `${name}/${path}`,
    content: Buffer.from(content),
  }));
  return { name, description, files: entries, archive: zip(entries) };
}

/** The console of each kind. */
export type Consoles = ReturnType<typeof consolesOf>;

export function consolesOf(collections: Collections, service: Service, ownerOf: OwnerOf) {
  const { environments, runs, vaults, memoryStores, models, serviceAccounts } = collections;
  return {
    agents: agentConsole(collections, ownerOf),
    environments: makingConsole(environments, ownerOf),
    deployments: deploymentConsole(collections, service, ownerOf),
    // No run is edited or archived. No page says how long the service keeps a run, so tests remove runs.
    runs: {
      get: (id: string) => runs.reply(runs.require(id)),
      all: () => runs.all().map((run) => runs.reply(run)),
      remove: (id: string) => runs.remove(id),
    },
    sessions: sessionConsole(collections.sessions, service, ownerOf),
    /** `edit` changes `display_name` and `metadata`, which no endpoint of the API does. */
    vaults: makingConsole(vaults, ownerOf),
    credentials: credentialConsole(collections),
    memoryStores: {
      ...makingConsole(memoryStores, ownerOf),
      /** Adds a document to the store, as an agent does. */
      remember: (id: string, document: string) => memoryStores.remember(memoryStores.require(id), document),
    },
    files: fileConsole(collections, ownerOf),
    skills: skillConsole(collections, ownerOf),
    /** The catalogue of models. Tests change the list itself. */
    models: models.all,
    /** Service accounts, for which the service has no public endpoint. */
    serviceAccounts: {
      /** Adds one with a key, for objects of the first account unless `account` names another. */
      create: ({ account, key }: { account?: string; key?: string } = {}) =>
        serviceAccounts.create(ownerOf(account).account, key),
      /** The service refuses the key from now on; issued tokens stay valid. */
      revoke: (id: string) => serviceAccounts.revoke(id),
      /** The service refuses the issued tokens from now on. */
      endTokens: (id: string) => serviceAccounts.endTokens(id),
    },
  };
}

function agentConsole({ agents }: Collections, ownerOf: OwnerOf) {
  return {
    ...makingConsole(agents, ownerOf),
    // A person at the console sees the version of the agent, so the edit names it.
    edit: (id: string, patch: JsonObject) => {
      const stored = agents.require(id);
      return agents.reply(agents.update(stored, { version: stored.fields.version, ...patch }));
    },
    /** Publishes a new version without any change. */
    bumpVersion: (id: string) => agents.reply(agents.bumpVersion(agents.require(id))).version,
  };
}

function deploymentConsole({ deployments, runs }: Collections, { clock }: Service, ownerOf: OwnerOf) {
  const of = (id: string) => deployments.require(id);
  return {
    ...consoleOf(deployments),
    create: (body: JsonObject, account?: string, workspace?: string, id?: string) =>
      deployments.reply(deployments.create(ownerOf(account, workspace), body, id)),
    overwrite: (id: string, fields: DeploymentOverwrite) => deployments.reply(deployments.overwrite(of(id), fields)),
    pause: (id: string) => deployments.reply(deployments.pause(of(id), {})),
    pauseByError: (id: string, errorType: string) => deployments.reply(deployments.pauseByError(of(id), errorType)),
    unpause: (id: string) => deployments.reply(deployments.unpause(of(id), {})),
    run: (id: string) => runs.reply(deployments.run(of(id), {})),
    /** Starts a run as its schedule would. `problem`: why it gets no session. */
    runBySchedule: (id: string, problem?: ErrorDetail, dueAt = wholeSeconds(clock())) =>
      runs.reply(deployments.run(of(id), {}, { type: "schedule", scheduled_at: dueAt }, problem)),
  };
}

function credentialConsole({ credentials, vaults }: Collections) {
  const reply = (stored: StoredCredential) => credentials.reply(stored);
  return {
    ...consoleOf(credentials),
    /** Adds a credential to the vault with these fields, without any check. */
    create: (vaultId: string, overrides: Partial<VaultCredential> = {}) =>
      reply(credentials.place(vaults.require(vaultId), overrides)),
    /** The stored `auth`, with the secrets that no reply shows. */
    auth: (id: string): JsonObject => structuredClone(credentials.require(id).fields.auth),
    /** Stores a new token, which expires at this time. */
    renew: (id: string, expiresAt: string) => {
      const stored = credentials.require(id);
      credentials.renew(stored, { access_token: `renewed until ${expiresAt}`, expires_at: expiresAt });
      return reply(stored);
    },
  };
}

function fileConsole({ files }: Collections, ownerOf: OwnerOf) {
  // No file is archived.
  const { archive: _archive, live: _live, ...shared } = consoleOf(files);
  return {
    ...shared,
    create: (
      { content = "text", expires_at = null, ...others }: Partial<FileMetadata> & { content?: string | Buffer } = {},
      account?: string,
      workspace?: string,
    ) => files.reply(files.place(ownerOf(account, workspace), Buffer.from(content), { ...others, expires_at })),
    content: (id: string) => Buffer.from(files.require(id).content),
  };
}
