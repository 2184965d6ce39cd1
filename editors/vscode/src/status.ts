// The item in the language status of Python files: what the server does, and the way to its log.
import { type DocumentSelector, type Disposable, languages, LanguageStatusSeverity } from "vscode";

export class Status implements Disposable {
  private readonly item;

  constructor(selector: DocumentSelector) {
    this.item = languages.createLanguageStatusItem("closurelint", selector);
    this.item.name = "closurelint";
    this.item.command = { command: "closurelint.showLog", title: "Show the log" };
  }

  starting(): void {
    this.show("closurelint", "starting", LanguageStatusSeverity.Information, true);
  }

  running(version: string | undefined, origin: string): void {
    const name = version === undefined ? "closurelint" : `closurelint ${version}`;
    this.show(name, `from ${origin}`, LanguageStatusSeverity.Information);
  }

  off(): void {
    this.show("closurelint", "off, by the setting closurelint.enable", LanguageStatusSeverity.Information);
  }

  failed(why: string): void {
    this.show("closurelint", why, LanguageStatusSeverity.Error);
  }

  dispose(): void {
    this.item.dispose();
  }

  private show(text: string, detail: string, severity: LanguageStatusSeverity, busy = false): void {
    Object.assign(this.item, { text, detail, severity, busy });
  }
}
