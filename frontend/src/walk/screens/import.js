// Reading an exported file again: it comes back as a copy that can only send.
import { button, el, field, notice } from "../dom.js";
import { importFile } from "../export.js";
import { bare } from "./home.js";
import { say } from "../words.js";

export async function importScreen() {
  const file = field(say("import_file"), el("input", { type: "file", accept: ".json,application/json" }));
  const read = async () => {
    file.refuse("");
    const chosen = file.querySelector("input").files[0];
    if (!chosen) return file.refuse(say("import_bad"));
    try {
      location.hash = `#${await importFile(await chosen.text())}`;
    } catch (error) {
      file.refuse(say(error.message === "there" ? "import_there" : "import_bad"));
    }
    return true;
  };
  return {
    ...bare(say("import_title"), notice("info", say("import_text")), file,
      el("div.buttons", {}, button(say("import_button"), read, { kind: "primary" }))),
    back: "#",
  };
}
