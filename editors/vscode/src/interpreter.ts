// The interpreter that is selected in the Python extension, if that is there.
import { PVSC_EXTENSION_ID, PythonExtension } from "@vscode/python-extension";
import { type Disposable, extensions, type Uri } from "vscode";

async function pythonExtension(): Promise<PythonExtension | undefined> {
  return extensions.getExtension(PVSC_EXTENSION_ID) === undefined ? undefined : PythonExtension.api();
}

/** The path of the interpreter that is selected for a folder. */
export async function selectedInterpreter(folder: Uri | undefined): Promise<string | undefined> {
  const api = await pythonExtension();
  if (api === undefined) {
    return undefined;
  }
  const chosen = api.environments.getActiveEnvironmentPath(folder);
  const environment = await api.environments.resolveEnvironment(chosen);
  return environment?.executable.uri?.fsPath;
}

/** Calls back whenever another interpreter is selected, and when the Python extension comes: it may wait for trust. */
export class InterpreterChanges implements Disposable {
  private readonly disposables: Disposable[] = [];
  private following = false;

  constructor(private readonly listener: () => void) {
    this.disposables.push(
      extensions.onDidChange(async () => {
        if (await this.follow()) {
          listener();
        }
      }),
    );
  }

  /** Listens to the Python extension, if it is there and is not listened to already; whether that is new. */
  async follow(): Promise<boolean> {
    if (this.following || extensions.getExtension(PVSC_EXTENSION_ID) === undefined) {
      return false;
    }
    this.following = true;
    const api = await pythonExtension();
    if (api !== undefined) {
      this.disposables.push(api.environments.onDidChangeActiveEnvironmentPath(this.listener));
    }
    return api !== undefined;
  }

  dispose(): void {
    for (const each of this.disposables) {
      each.dispose();
    }
  }
}
