import type { Call } from "./lab";
import { missing, useLab } from "./lab";

const tokens = { "pt-test": "default", "pt-other": "other" };
const strangers: Call[] = [{ token: "pt-other" }, { headers: { "qoder-workspace-id": "ws_2" } }];

describe("another account and another workspace neither see nor change", () => {
  const lab = useLab({ tokens });

  /** The path of an object of the kind, and its other endpoints: a method, and the rest of the path. */
  test.each<[string, () => string, string[]]>([
    ["an agent", () => `/agents/${lab.agent}`, ["GET /versions", "POST", "POST /archive"]],
    ["an environment", () => `/environments/${lab.environment}`, ["POST", "POST /archive", "DELETE"]],
    ["a deployment", () => `/deployments/${lab.create()}`, ["GET /runs", "POST", "POST /archive", "POST /run"]],
    ["a vault", () => `/vaults/${lab.api.vaults.create().id}`, ["POST /archive", "DELETE", "POST /credentials"]],
    ["a credential", () => credential(), ["POST", "POST /archive", "DELETE"]],
    ["a memory store", () => `/memory_stores/${lab.api.memoryStores.create().id}`, ["POST", "DELETE"]],
    ["a file", () => `/files/${lab.api.files.create().id}`, ["GET /content", "DELETE"]],
    ["a skill", () => `/skills/${lab.api.skills.create().id}`, ["GET /versions", "DELETE"]],
    ["a session", () => session(), ["GET /events", "POST /cancel"]],
  ])("%s", async (_what, make, endpoints) => {
    const path = make();
    expect((await lab.get(path)).status).toBe(200);
    for (const stranger of strangers) {
      expect(await lab.get(path.slice(0, path.lastIndexOf("/")), stranger)).toEqual(nothing(path));
      for (const endpoint of ["GET", ...endpoints]) {
        expect([endpoint, await sent(endpoint, path, stranger)]).toEqual([endpoint, missing()]);
      }
    }
  });

  /** The list inside of a hidden object is hidden, and every other list is empty. */
  const nothing = (path: string) =>
    path.split("/").length > 3 ? missing() : expect.objectContaining({ body: expect.objectContaining({ data: [] }) });
  const sent = (endpoint: string, path: string, stranger: Call) => {
    const [method, rest = ""] = endpoint.split(" ");
    if (method !== "POST") return lab.call(method === "GET" ? "GET" : "DELETE", path + rest, stranger);
    return lab.post(path + rest, ["", "/credentials"].includes(rest) ? { version: 1, name: "n" } : undefined, stranger);
  };
  const credential = () => {
    const vault = lab.api.vaults.create().id;
    return `/vaults/${vault}/credentials/${lab.api.credentials.create(vault).id}`;
  };
  const session = () => `/sessions/${lab.api.deployments.run(lab.create()).session_id}`;
});
