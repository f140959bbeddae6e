// Builds styles and scripts into the Django application's static files.
import { build } from "esbuild";
import { copyFile, mkdir, readFile, rm, writeFile } from "node:fs/promises";

const target = new URL("../src/parvis_web/ui/static/parvis/", import.meta.url).pathname;

process.chdir(new URL(".", import.meta.url).pathname);
await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await build({
  entryPoints: {
    base: "src/base/index.js",
    map: "src/map/index.js",
    theme: "src/base/early.js",
    scenario: "src/scenario/index.js",
    "scenario-style": "src/scenario/style.css",
    walk: "src/walk/index.js",
    "walk-worker": "src/walk/worker.js",
    "walk-style": "src/walk/style.css",
    "base-style": "src/styles/base.css",
    "map-style": "src/styles/map.css",
  },
  outdir: target,
  bundle: true,
  format: "esm",
  target: ["chrome123", "firefox121", "safari17.5"],
  minify: true,
  legalComments: "linked",
  loader: { ".woff2": "file" },
  assetNames: "fonts/[name]",
  logLevel: "warning",
});
await copyFile("src/icon.svg", `${target}icon.svg`);
const worker = await readFile("node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs", "utf8");
await writeFile(`${target}map-worker.js`, worker.replace(/\n\/\/# sourceMappingURL=.*\s*$/, "\n"));
