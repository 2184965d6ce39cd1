// Bundles the extension into one file, and puts the project's license beside it for the package.
import { copyFileSync } from "node:fs";
import { build } from "esbuild";

copyFileSync(new URL("../../LICENSE", import.meta.url), new URL("LICENSE", import.meta.url));
await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  external: ["vscode"],
  logLevel: "warning",
});
