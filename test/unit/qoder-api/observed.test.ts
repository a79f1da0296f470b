import { FormData } from "undici";
import { momentOf, type Observed, observations, placeObserved } from "../../support/observed";
import { type Answer, Lab, times } from "./lab";

/** Members whose texts are up to the user. */
const maps = ["metadata", "environment_variables"];

/**
 * The value without what each object has of its own: of a text its type, of a list the forms of its elements. `isWanted`: for a comparison
 * with a list that may have more.
 */
function formOf(value: unknown, isWanted = false, name = ""): unknown {
  if (Array.isArray(value)) {
    const forms = value.map((element) => JSON.stringify(formOf(element)));
    return isWanted ? expect.arrayContaining([...new Set(forms)]) : forms;
  }
  if (typeof value !== "object" || value === null) {
    return value === null ? null : typeof value;
  }
  const own = Object.entries(value).filter(([, member]) => !maps.includes(name) || typeof member !== "string");
  const members = own.sort(([one], [other]) => one.localeCompare(other));
  return Object.fromEntries(members.map(([inner, member]) => [inner, formOf(member, isWanted, inner)]));
}

/** Which times of an object are the same, and which are earlier. */
function relationsIn(body: unknown): string[] {
  const moments = Object.entries(Object(body)).flatMap(([name, value]) => {
    const at = momentOf(value);
    return at === undefined ? [] : [{ name, at }];
  });
  return moments.flatMap(({ name, at }) =>
    moments.flatMap((other) =>
      name >= other.name ? [] : [`${name} ${at === other.at ? "=" : at < other.at ? "<" : ">"} ${other.name}`],
    ),
  );
}

function formData(form: Readonly<Record<string, string>>): FormData {
  const data = new FormData();
  for (const [name, content] of Object.entries(form)) {
    const part = name.startsWith("my-skill/") ? "files" : "file";
    if (name === "metadata") {
      data.append(name, content);
    } else {
      data.append(part, new File([content], name, { type: "text/plain" }), name);
    }
  }
  return data;
}

/** The answer of the mock to the request, in an account with the objects that the request names. */
async function answered(lab: Lab, observed: Observed): Promise<Answer> {
  const { request, switches, body } = observed;
  lab.set("2026-06-14T08:53:32.104Z");
  Object.assign(lab.api.switches, switches);
  if (Object(body).has_more === true) {
    lab.create({ name: "on the next page" });
  }
  const path = placeObserved(lab.api, observed);
  lab.set("2026-06-14T08:54:05.307Z");
  const call = request.form === undefined ? { body: request.body } : { form: formData(request.form) };
  return lab.call(request.method, path, { ...call, token: observed.status === 401 ? "pt-wrong" : "pt-test" });
}

/** True unless a proxy before the service has answered: its errors are texts. */
const isOfTheService = ({ status = 200, body }: Observed) => status < 500 || typeof body !== "string";

function isEqual(shown: unknown, wanted: unknown): boolean {
  try {
    expect(shown).toEqual(wanted);
    return true;
  } catch {
    return false;
  }
}

test.each(observations.filter(isOfTheService))(
  "with some seed the mock answers as in $name: the same members, the same order of times",
  async (observed) => {
    const expected = [observed.status ?? 200, formOf(observed.body, true), relationsIn(observed.body)];
    const answers: unknown[] = [];
    for (const latitude of [undefined, ...times(100, (index) => index)]) {
      const lab = new Lab();
      await lab.start({ switches: { duplicateNames: "allow" }, latitude });
      const { status, text } = await answered(lab, observed);
      await lab.api.close();
      const shown = text === "" || text.startsWith("{") ? JSON.parse(text) : text;
      answers.push([observed.status === undefined ? 200 : status, formOf(shown), relationsIn(shown)]);
      if (isEqual(answers.at(-1), expected)) {
        return;
      }
    }
    expect(answers[0]).toEqual(expected);
  },
);
