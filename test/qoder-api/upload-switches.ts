/** The behaviour that the pages of skills, files and models leave open. */
export interface UploadSwitches {
  /** The status of "Create a skill": 201 in an older page. Nobody has seen the newest page. */
  skillCreateStatus: 201 | 200;
  /** Whether "Create a skill" still accepts the part `file` of older pages: a zip with SKILL.md in its root or in one folder. */
  legacySkillFile: "accept" | "reject";
  /** The largest package of "Create a skill version", packed and unpacked. Older pages say 5 MB and 10 MB. */
  skillPackageBytes: number;
  /** How many files a package may hold. No page has a number. */
  skillFiles: number | undefined;
  /** The longest description in SKILL.md. No page has a number; the open format of skills has 1024. */
  skillDescriptionLimit: number | undefined;
  /**
   * Whether a skill shows `description`, and a version `content_size`, `content_sha256`, `status` and `updated_at`: real
   * replies of August 2026 do, the newest page and the clients' types do not.
   */
  skillDetails: "shown" | "omitted";
  /** The answer of "Get the content of a skill version": the uploaded zip, or a zip that the service made of the same files. */
  skillContent: "as-uploaded" | "repacked";
  /** Whether a list of skills without `source` also shows the skills of the catalogue. No page says. */
  skillListWithoutSource: "all" | "custom";
  /** The answer to an agent with a skill that does not exist. "Create an agent" names an answer only for unknown versions. */
  missingSkill: "accept" | 400 | 404;
  /** The effect on a run if its agent names a deleted version of a skill: "Delete a skill version" does not say. */
  deletedSkillVersion: "ignored" | "run-error";
  /** The answer to an agent with a model that "List models" does not show. No page says. */
  unknownModel: "accept" | 400;
  /** "away": "List models" answers 503, as if the service could not reach the catalogue. */
  modelCatalogue: "available" | "away";
  /** The largest file: "Upload a file" says about 5 MB, the pages of June 2026 say 50 MB. */
  fileBytes: number;
  /** The answer to a file that is too large. No page says. */
  fileTooLarge: 400 | 413;
  /** "Upload a file" accepts only text, and does not define text: the stand-in accepts UTF-8 without NUL. */
  fileContent: "text" | "any";
  /** Whether a file that does not expire shows `expires_at: null`, as only the clients' types say. */
  fileExpiresAt: "when-set" | "always";
  /** Whether "Get the content of a file" refuses a person's upload. One page says so; a published test downloads one. */
  fileContentOfUploads: "accept" | 403;
  /** The status of the refusal to delete a file that an active session uses: "Delete a file" names none. */
  fileInUse: 409 | 400 | "delete";
}

export function defaultUploadSwitches(): UploadSwitches {
  return {
    skillCreateStatus: 201,
    legacySkillFile: "accept",
    skillPackageBytes: 50 * 1024 * 1024,
    skillFiles: undefined,
    skillDescriptionLimit: undefined,
    skillDetails: "shown",
    skillContent: "as-uploaded",
    skillListWithoutSource: "all",
    missingSkill: "accept",
    deletedSkillVersion: "ignored",
    unknownModel: "accept",
    modelCatalogue: "available",
    fileBytes: 5 * 1024 * 1024,
    fileTooLarge: 400,
    fileContent: "text",
    fileExpiresAt: "when-set",
    fileContentOfUploads: "accept",
    fileInUse: 409,
  };
}
