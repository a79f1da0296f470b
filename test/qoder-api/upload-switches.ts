/** The points that the pages of skills, of files and of models leave open. */
export interface UploadSwitches {
  /** "Create a skill": the older page answers 201, and the newest one has not been seen. */
  skillCreateStatus: 201 | 200;
  /** Whether "Create a skill" still takes the part `file`, a zip with SKILL.md in its root or one folder down, as older pages have it. */
  legacySkillFile: "accept" | "reject";
  /** "Create a skill version": how large a package may be, packed and unpacked. Older pages have 5 MB and 10 MB. */
  skillPackageBytes: number;
  /** How many files a package may hold. No page has a figure. */
  skillFiles: number | undefined;
  /** How long the description in SKILL.md may be: no page says; 1024 in the open format of skills. */
  skillDescriptionLimit: number | undefined;
  /**
   * Whether a skill shows its `description`, and a version its `content_size`, `content_sha256`, `status` and `updated_at`: real replies
   * of August 2026 do, the newest page and the clients' types do not.
   */
  skillDetails: "shown" | "omitted";
  /** What "Get the content of a skill version" answers: the zip that was uploaded, or one that the service made of the same files. */
  skillContent: "as-uploaded" | "repacked";
  /** Whether a list of skills without `source` shows those of the catalogue as well. No page says. */
  skillListWithoutSource: "all" | "custom";
  /** A write of an agent that names a skill which never was. "Create an agent" has an answer for unknown versions alone. */
  missingSkill: "accept" | 400 | 404;
  /** What a run meets whose agent names a deleted version of a skill: "Delete a skill version" does not say. */
  deletedSkillVersion: "ignored" | "run-error";
  /** A write of an agent that names a model which "List models" does not show. No page says. */
  unknownModel: "accept" | 400;
  /** "away": "List models" answers 503, as when the catalogue cannot be reached. */
  modelCatalogue: "available" | "away";
  /** "Upload a file": about 5 MB; the pages of June 2026 have 50 MB. */
  fileBytes: number;
  /** The answer to a file that is too large. No page says. */
  fileTooLarge: 400 | 413;
  /** "Upload a file" takes text alone. Which contents count as text is not said: here what is UTF-8 without NUL. */
  fileContent: "text" | "any";
  /** Whether a file without an end shows `expires_at: null`, which only the clients' types name. */
  fileExpiresAt: "when-set" | "always";
  /** "Get the content of a file": one page refuses that of a person's own upload, and a published test of the service downloads it. */
  fileContentOfUploads: "accept" | 403;
  /** "Delete a file": refused while an active session uses it; the status is not said. */
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
