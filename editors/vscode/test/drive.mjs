// Drives the packaged extension in a real Visual Studio Code: code-server in a headless Chromium.
//
//   node test/drive.mjs FOLDER
//
// FOLDER gets the workspace, the profile and the screenshots. CODE_SERVER is code-server's entry script or program,
// CHROMIUM the browser, PYTHON an interpreter that closurelint[lsp] is installed for. playwright-core has to be found
// by Node, for example by `npm install --no-save playwright-core`.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = resolve(process.argv[2] ?? "driven");
const [workspace, profile, extensions] = ["workspace", "profile", "extensions"].map((name) => join(folder, name));
const { CODE_SERVER = "code-server", CHROMIUM = "/usr/bin/chromium", PYTHON = "python3" } = process.env;
const program = CODE_SERVER.endsWith(".js") ? [process.execPath, CODE_SERVER] : [CODE_SERVER];
const places = ["--user-data-dir", profile, "--extensions-dir", extensions, "--disable-telemetry", "--disable-update-check"];

function prepare() {
  for (const path of [workspace, join(profile, "User"), join(profile, "Machine")]) {
    mkdirSync(path, { recursive: true });
  }
  copyFileSync(here("../../../fixtures/readme/gradient_simplenet.py"), join(workspace, "gradient.py"));
  copyFileSync(here("../../../fixtures/notebooks/aliased_gradient.ipynb"), join(workspace, "course.ipynb"));
  // code-server is remote: paths are of its machine
  writeFileSync(join(profile, "Machine", "settings.json"), JSON.stringify({ "closurelint.interpreter": PYTHON }));
  writeFileSync(
    join(profile, "User", "settings.json"),
    JSON.stringify({
      "telemetry.telemetryLevel": "off",
      "security.workspace.trust.enabled": false,
      "workbench.startupEditor": "none",
      "workbench.colorTheme": "Default Light Modern",
      "chat.disableAIFeatures": true,
      "workbench.secondarySideBar.defaultVisibility": "hidden",
      "editor.minimap.enabled": false,
    }),
  );
  execFileSync(program[0], [...program.slice(1), ...places, "--install-extension", here("../closurelint.vsix")]);
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answering(url) {
  for (let tries = 0; tries < 120; tries += 1) {
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
  throw new Error(`nothing answers at ${url}`);
}

const opens = (page, name) => page.getByRole("treeitem", { name }).dblclick();

async function inFile(page, shot) {
  await opens(page, "gradient.py");
  await page.locator(".squiggly-warning").first().waitFor({ timeout: 120_000 });
  await shot("squiggle");

  await page.keyboard.press("Control+G");
  await page.locator(".quick-input-widget input").first().fill(":31:5");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Control+K");
  await page.keyboard.press("Control+I");
  const hover = page.locator(".monaco-hover:visible").first();
  await hover.getByText("CLO201").first().waitFor({ timeout: 30_000 });
  const said = await hover.innerText();
  await shot("hover");
  assert.match(said, /objective never reads its parameter/);
  await page.keyboard.press("Escape");

  await page.keyboard.press("Control+.");
  const actions = page.locator(".action-widget").first();
  await actions.getByText("CLO201").first().waitFor({ timeout: 30_000 });
  const offered = await actions.innerText();
  await shot("quick-fix");
  await page.keyboard.press("Enter");
  await page.locator(".view-line").getByText("def f(_)").waitFor({ timeout: 30_000 });
  await page.locator(".squiggly-warning").first().waitFor({ state: "detached", timeout: 30_000 });
  await page.keyboard.press("Control+S");
  await page.waitForTimeout(1500);
  await shot("fixed");
  assert.match(readFileSync(join(workspace, "gradient.py"), "utf8"), /def f\(_\):/);

  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").first().fill(">closurelint: Fix All");
  await page.locator(".quick-input-widget").getByText("Fix All That Is Safe").first().waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("nothing here that can be fixed safely").first().waitFor({ timeout: 30_000 });
  await shot("nothing-to-fix");

  await page.locator("[id='status.languageStatus']").hover();
  const status = page.locator(".hover-language-status").first();
  await status.getByText("closurelint").first().waitFor({ timeout: 30_000 });
  const state = await status.innerText();
  await shot("status");
  assert.match(state, /from closurelint\.interpreter/);
  return { said, offered, state };
}

async function inNotebook(page, shot) {
  await opens(page, "course.ipynb");
  await page.locator(".notebook-cell-list .squiggly-warning, .squiggly-warning").first().waitFor({ timeout: 60_000 });
  await shot("notebook");
}

prepare();
const port = await freePort();
const server = spawn(program[0], [...program.slice(1), ...places, "--auth", "none", "--bind-addr", `127.0.0.1:${port}`]);
const log = [];
server.stdout.on("data", (data) => log.push(data));
server.stderr.on("data", (data) => log.push(data));
let browser;
try {
  await answering(`http://127.0.0.1:${port}/`);
  browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 860 } });
  const shot = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}`);
  await page.locator(".monaco-workbench .explorer-folders-view").waitFor({ timeout: 120_000 });
  try {
    console.log(await inFile(page, shot));
    await inNotebook(page, shot);
  } catch (problem) {
    await shot("problem");
    throw problem;
  }
} finally {
  await browser?.close();
  server.kill();
  writeFileSync(join(folder, "code-server.log"), Buffer.concat(log));
}
