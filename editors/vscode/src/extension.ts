// Starts the language server, and starts it again when what it depends on changes.
import { type ExtensionContext, commands, type LogOutputChannel, type Uri, window, workspace } from "vscode";
import { LanguageClient, State } from "vscode-languageclient/node";
import { type Command, findCommand, INSTALL, NotFound } from "./command";
import { InterpreterChanges, selectedInterpreter } from "./interpreter";
import { Status } from "./status";

const SECTION = "closurelint";
const PATIENCE = 3_000;
const STARTS_ANEW = ["enable", "path", "args", "interpreter"].map((name) => `${SECTION}.${name}`);
const SELECTOR = [
  ...["file", "untitled", "vscode-notebook-cell"].map((scheme) => ({ scheme, language: "python" })),
  // documents with Python in them are checked if the configuration includes them
  ...["markdown", "restructuredtext"].map((language) => ({ scheme: "file", language })),
];

let running: Supervisor | undefined;

export async function activate(context: ExtensionContext): Promise<void> {
  const log = window.createOutputChannel(SECTION, { log: true });
  const status = new Status(SELECTOR);
  const supervisor = new Supervisor(context.extensionUri, log, status);
  running = supervisor;
  const restart = () => supervisor.restart();
  context.subscriptions.push(
    log,
    status,
    commands.registerCommand("closurelint.restart", restart),
    commands.registerCommand("closurelint.showLog", () => log.show()),
    commands.registerCommand("closurelint.fixAll", () => supervisor.fixAll()),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration((change) => {
      if (STARTS_ANEW.some((name) => change.affectsConfiguration(name))) {
        void restart();
      }
    }),
  );
  const changes = new InterpreterChanges(() => void restart());
  context.subscriptions.push(changes);
  await changes.follow();
  await restart();
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}

/** Owns the one client. Restarts that come while one is under way become one more. */
class Supervisor {
  private client: LanguageClient | undefined;
  private queue: Promise<void> = Promise.resolve();
  private waiting = false;
  private starts = 0;

  constructor(
    private readonly home: Uri,
    private readonly log: LogOutputChannel,
    private readonly status: Status,
  ) {}

  restart(): Promise<void> {
    if (!this.waiting) {
      this.waiting = true;
      this.queue = this.queue.then(async () => {
        this.waiting = false;
        await this.stopClient();
        await this.start();
      });
    }
    return this.queue;
  }

  stop(): Promise<void> {
    this.queue = this.queue.then(() => this.stopClient());
    return this.queue;
  }

  /** Fixes the text or the notebook in the active editor, or says that there is nothing to do. */
  async fixAll(): Promise<void> {
    const document = window.activeTextEditor?.document;
    if (document === undefined || !this.client?.isRunning()) {
      void window.showWarningMessage("closurelint: the server is not running");
      return;
    }
    const uri = this.client.code2ProtocolConverter.asUri(document.uri);
    const asked = { command: "closurelint.server.fixAll", arguments: [uri] };
    const fixed = await this.client.sendRequest<boolean | null>("workspace/executeCommand", asked);
    if (fixed === false) {
      void window.showInformationMessage("closurelint: there is nothing here that can be fixed safely");
    }
  }

  private async start(): Promise<void> {
    if (!workspace.getConfiguration(SECTION).get<boolean>("enable", true)) {
      this.status.off();
      return;
    }
    this.starts += 1;
    this.status.starting();
    try {
      const command = await findCommand(await wishes());
      this.log.info(`starting ${[command.program, ...command.args].join(" ")} (${command.origin})`);
      await this.startClient(command);
    } catch (problem) {
      this.failed(problem);
    }
  }

  private async startClient(command: Command): Promise<void> {
    const client = new LanguageClient(
      SECTION,
      SECTION,
      {
        command: command.program,
        args: command.args,
        // not in the workspace: Python would import what lies there
        options: { cwd: this.home.fsPath, env: { ...process.env, PYTHONSAFEPATH: "1" } },
      },
      {
        documentSelector: SELECTOR,
        outputChannel: this.log,
        initializationOptions: workspace.getConfiguration(SECTION),
        synchronize: { configurationSection: SECTION },
      },
    );
    client.onDidChangeState(({ newState }) => {
      if (newState === State.Running) {
        this.status.running(client.initializeResult?.serverInfo?.version, command.origin);
      } else if (newState === State.Stopped && this.client === client) {
        this.status.failed("the server has stopped, see the log");
      }
    });
    this.client = client;
    await client.start();
  }

  private async stopClient(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    try {
      await client?.dispose();
    } catch (problem) {
      this.log.warn(`the server did not stop in an orderly way: ${String(problem)}`);
    }
  }

  private failed(problem: unknown): void {
    const why = problem instanceof Error ? problem.message : String(problem);
    const known = problem instanceof NotFound;
    // what the settings ask for is tried alone
    const chosen = known && problem.attempts.length === 1 ? problem.attempts[0] : undefined;
    for (const attempt of known ? problem.attempts : []) {
      this.log.info(attempt);
    }
    this.log.error(why);
    if (known && !workspace.isTrusted) {
      // its own interpreter may have it, but is not run
      this.status.failed("not found on the PATH; trust the workspace to use its interpreter");
      return;
    }
    this.status.failed(known ? (chosen ?? `not found: ${INSTALL}`) : why);
    const remedy = known ? `${chosen ?? why}: ${problem.remedy}` : why;
    const start = this.starts;
    // the Python extension may come a moment later, and bring the interpreter
    setTimeout(() => {
      if (start === this.starts) {
        void this.tell(remedy);
      }
    }, PATIENCE);
  }

  private async tell(remedy: string): Promise<void> {
    const answer = await window.showWarningMessage(`closurelint: ${remedy}`, "Show the log", "Open settings");
    if (answer === "Show the log") {
      this.log.show();
    } else if (answer === "Open settings") {
      void commands.executeCommand("workbench.action.openSettings", "closurelint.path");
    }
  }
}

async function wishes() {
  const folder = workspace.workspaceFolders?.[0];
  const settings = workspace.getConfiguration(SECTION, folder?.uri);
  return {
    path: settings.get<string>("path", "").trim(),
    args: settings.get<string[]>("args", []),
    interpreter: settings.get<string>("interpreter", "").trim(),
    selectedInterpreter: workspace.isTrusted ? await selectedInterpreter(folder?.uri) : undefined,
    workspaceFolder: folder?.uri.fsPath,
    trusted: workspace.isTrusted,
  };
}
