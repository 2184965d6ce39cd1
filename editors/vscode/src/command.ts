// Which program is the server: that of the settings, of the selected interpreter, or of the PATH, in this order.
import { execFile } from "node:child_process";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";

/** What the user asks for. `workspaceFolder`: of the first folder, `trusted`: whether its programs may run. */
export interface Wishes {
  path: string;
  args: readonly string[];
  interpreter: string;
  selectedInterpreter: string | undefined;
  workspaceFolder: string | undefined;
  trusted: boolean;
}

/** A program to start, and a word on where it is from. */
export interface Command {
  program: string;
  args: string[];
  origin: string;
}

export const INSTALL = "pip install 'closurelint[lsp]'";

/** Why there is none; each line is one attempt. The remedy is a sentence for the user. */
export class NotFound extends Error {
  constructor(
    readonly attempts: readonly string[],
    readonly remedy = `run \`${INSTALL}\` in the selected interpreter, or set closurelint.path`,
  ) {
    super("no closurelint with its language server was found");
  }
}

/** How a program is tried: the exit status, undefined if it cannot be started. `input` is what it may read. */
export type Try = (program: string, args: readonly string[], input?: string) => Promise<number | undefined>;

// whoever follows this conversation ends with 0; its help alone is there without the extra `lsp` too
const CONVERSATION = [
  { id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } },
  { id: 2, method: "shutdown" },
  { method: "exit" },
]
  .map((message) => JSON.stringify({ jsonrpc: "2.0", ...message }))
  .map((body) => `Content-Length: ${body.length}\r\n\r\n${body}`)
  .join("");
const HAS_NO_SERVER = 3;
const HAS_NOTHING = 4;
// looks for the packages without importing them, so that nothing beside the code is run
const PROBE = [
  "import sys; sys.path = [p for p in sys.path if p]",
  "from importlib.util import find_spec",
  `sys.exit(0 if find_spec('closurelint') and find_spec('pygls') else ${HAS_NO_SERVER} if find_spec('closurelint') else ${HAS_NOTHING})`,
].join("\n");

/** Finds the server's command, or throws NotFound. */
export async function findCommand(wishes: Wishes, attempt: Try = run): Promise<Command> {
  const more = [...wishes.args];
  if (wishes.path) {
    const program = filledIn(wishes.path, wishes.workspaceFolder);
    const status = await attempt(program, ["server"], CONVERSATION);
    if (status !== 0) {
      throw new NotFound([`${program} (closurelint.path) ${answer(status)}`], "mend the setting closurelint.path");
    }
    return { program, args: ["server", ...more], origin: "closurelint.path" };
  }
  const attempts: string[] = [];
  for (const [interpreter, origin] of interpreters(wishes)) {
    const status = await attempt(interpreter, ["-c", PROBE]);
    if (status === 0) {
      return { program: interpreter, args: ["-m", "closurelint", "server", ...more], origin };
    }
    attempts.push(`${interpreter} (${origin}) ${reason(status)}`);
    if (origin === "closurelint.interpreter") {
      throw new NotFound(attempts, `run \`${INSTALL}\` in it, or mend the setting closurelint.interpreter`);
    }
  }
  const status = await attempt("closurelint", ["server"], CONVERSATION);
  if (status === 0) {
    return { program: "closurelint", args: ["server", ...more], origin: "PATH" };
  }
  attempts.push(`closurelint (PATH) ${answer(status)}`);
  for (const interpreter of ["python3", "python"]) {
    const status = await attempt(interpreter, ["-c", PROBE]);
    if (status === 0) {
      return { program: interpreter, args: ["-m", "closurelint", "server", ...more], origin: "PATH" };
    }
    attempts.push(`${interpreter} (PATH) ${reason(status)}`);
  }
  throw new NotFound(attempts);
}

/** The interpreters that the user has chosen. That of a workspace nobody trusts may be a program of the workspace. */
function* interpreters(wishes: Wishes): Generator<[string, string]> {
  if (wishes.interpreter) {
    yield [filledIn(wishes.interpreter, wishes.workspaceFolder), "closurelint.interpreter"];
  } else if (wishes.selectedInterpreter && wishes.trusted) {
    yield [wishes.selectedInterpreter, "selected interpreter"];
  }
}

function answer(status: number | undefined): string {
  return status === undefined ? "cannot be started" : "has no language server, for which it needs its extra `lsp`";
}

function reason(status: number | undefined): string {
  if (status === undefined) {
    return "cannot be started";
  }
  return status === HAS_NO_SERVER ? "has closurelint without its extra `lsp`" : "has no closurelint";
}

/** A path of the settings: `~` is the home, `${workspaceFolder}` the folder, and what has a slash starts from there. */
export function filledIn(path: string, workspaceFolder: string | undefined): string {
  let filled = path.replace(/^~(?=$|[\\/])/, () => homedir());
  filled = filled.replace("${workspaceFolder}", () => workspaceFolder ?? "");
  return !isAbsolute(filled) && /[\\/]/.test(filled) && workspaceFolder ? join(workspaceFolder, filled) : filled;
}

/** Tries a real program. */
export function run(program: string, args: readonly string[], input = ""): Promise<number | undefined> {
  return new Promise((resolve) => {
    // not in the workspace: what lies there is not run
    const child = execFile(program, args, { cwd: homedir(), timeout: 30_000, windowsHide: true }, (error) => {
      resolve(error === null ? 0 : typeof error.code === "number" ? error.code : undefined);
    });
    // a program that ends at once does not read
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(input);
  });
}
