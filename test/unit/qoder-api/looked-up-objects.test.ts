import { useLab } from "./lab";

const lab = useLab({ tokens: { "pt-test": "default", "pt-other": "other" } });

test("files that the console made are shown to their account alone", async () => {
  const id = String(lab.api.files.create()["id"]);
  const shown = await lab.call("GET", `/files/${id}`);
  const members = { type: "file", downloadable: false, scope: null };
  expect([shown.status, shown.body]).toEqual([200, expect.objectContaining({ id, ...members })]);
  expect(await lab.call("GET", `/files/${id}`, { token: "pt-other" })).toMatchObject({ status: 404 });
  lab.api.files.remove(id);
  expect(await lab.call("GET", `/files/${id}`)).toMatchObject({ status: 404 });
});
