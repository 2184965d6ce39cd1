// Which program is chosen, told what each candidate answers.
import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL("../src/command.ts", import.meta.url))],
  bundle: true,
  write: false,
  platform: "node",
  format: "esm",
});
const { filledIn, findCommand, NotFound, run } = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString("base64")}`
);

const wishes = (changes) => ({
  path: "",
  args: [],
  interpreter: "",
  selectedInterpreter: undefined,
  workspaceFolder: join(homedir(), "project"),
  trusted: true,
  ...changes,
});
/** Candidates that are not named cannot be started; each one that is tried is written down. */
const machine = (statuses, tried = []) => async (program) => {
  tried.push(program);
  return statuses[program];
};

test("the path of the settings wins, and nothing else is tried", async () => {
  const tried = [];
  const given = wishes({ path: "~/bin/closurelint", args: ["--verbose"], selectedInterpreter: "/env/python" });
  const program = join(homedir(), "bin", "closurelint");
  const command = await findCommand(given, machine({ [program]: 0, "/env/python": 0 }, tried));
  assert.equal(command.program, program);
  assert.deepEqual(command.args, ["server", "--verbose"]);
  assert.deepEqual(tried, [program]);
});

test("a path that leads nowhere is told as such, and nothing takes its place", async () => {
  for (const [status, said] of [[undefined, "cannot be started"], [2, "has no language server, for which it needs its extra `lsp`"]]) {
    const given = wishes({ path: "/gone/closurelint", selectedInterpreter: "/env/python" });
    const finding = findCommand(given, machine({ "/gone/closurelint": status, "/env/python": 0, closurelint: 0 }));
    await assert.rejects(finding, (problem) => {
      assert.deepEqual(problem.attempts, [`/gone/closurelint (closurelint.path) ${said}`]);
      assert.match(problem.remedy, /closurelint\.path/);
      return true;
    });
  }
});

test("programs are really tried, and may leave what they could read", async () => {
  const node = (code, input) => run(process.execPath, ["-e", code], input);
  assert.equal(await node("process.exit(3)", "x".repeat(1_000_000)), 3);
  const reads = `process.stdin.on("data", () => {}).on("end", () => process.exit(0))`;
  assert.equal(await node(reads, "x"), 0);
  assert.equal(await node(reads), 0);
  assert.equal(await run(join(homedir(), "no", "such", "program"), []), undefined);
});

test("the selected interpreter comes before the PATH", async () => {
  const given = wishes({ selectedInterpreter: "/env/python" });
  const command = await findCommand(given, machine({ "/env/python": 0, closurelint: 0 }));
  assert.deepEqual([command.program, ...command.args], ["/env/python", "-m", "closurelint", "server"]);
  assert.equal(command.origin, "selected interpreter");
});

test("an interpreter without closurelint leaves it to the PATH", async () => {
  const given = wishes({ selectedInterpreter: "/env/python" });
  const command = await findCommand(given, machine({ "/env/python": 4, closurelint: 0 }));
  assert.deepEqual([command.program, ...command.args], ["closurelint", "server"]);
});

test("python3 of the PATH is the last resort", async () => {
  const command = await findCommand(wishes({}), machine({ python3: 0 }));
  assert.deepEqual([command.program, ...command.args], ["python3", "-m", "closurelint", "server"]);
});

test("the interpreter of a workspace nobody trusts is not even tried", async () => {
  const tried = [];
  const given = wishes({ selectedInterpreter: "/project/.venv/bin/python", trusted: false });
  await findCommand(given, machine({ "/project/.venv/bin/python": 0, closurelint: 0 }, tried));
  assert.deepEqual(tried, ["closurelint"]);
});

test("the interpreter of the settings is not passed over in silence", async () => {
  const given = wishes({ interpreter: "/other/python", selectedInterpreter: "/env/python" });
  const finding = findCommand(given, machine({ "/other/python": 3, "/env/python": 0, closurelint: 0 }));
  await assert.rejects(finding, (problem) => {
    assert.ok(problem instanceof NotFound);
    assert.deepEqual(problem.attempts, ["/other/python (closurelint.interpreter) has closurelint without its extra `lsp`"]);
    assert.match(problem.remedy, /closurelint\.interpreter/);
    return true;
  });
});

test("when there is nothing, each attempt is told", async () => {
  await assert.rejects(findCommand(wishes({ selectedInterpreter: "/env/python" }), machine({ python: 4 })), (problem) => {
    assert.deepEqual(problem.attempts, [
      "/env/python (selected interpreter) cannot be started",
      "closurelint (PATH) cannot be started",
      "python3 (PATH) cannot be started",
      "python (PATH) has no closurelint",
    ]);
    return true;
  });
});

test("paths of the settings start from the workspace, bare names from the PATH", () => {
  const folder = join(homedir(), "project");
  assert.equal(filledIn("closurelint", folder), "closurelint");
  assert.equal(filledIn(".venv/bin/python", folder), join(folder, ".venv", "bin", "python"));
  assert.equal(filledIn("${workspaceFolder}/.venv/bin/python", folder), `${folder}/.venv/bin/python`);
});
