// Shows a finding's story, what each thread does step by step, as a page beside the code.
import * as vscode from 'vscode';
import {ExecuteCommandRequest, LanguageClient} from 'vscode-languageclient/node';

/** The server's command, which its code actions name. */
export const storyCommand = 'heddle.showStory';

const scheme = 'heddle-story';

type Story = {value: string};

/** A finding as the server names it. */
type Which = {uri: string; finding?: string; position?: {line: number; character: number}};

export class StoryPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly texts = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registrations = [
    vscode.workspace.registerTextDocumentContentProvider(scheme, this),
    vscode.workspace.onDidCloseTextDocument((page) => this.texts.delete(page.uri.toString())),
  ];
  readonly onDidChange = this.changed.event;

  provideTextDocumentContent(page: vscode.Uri): string {
    return this.texts.get(page.toString()) ?? '';
  }

  dispose(): void {
    this.changed.dispose();
    this.registrations.forEach((each) => each.dispose());
  }

  /** Asks the server for the story and shows it. */
  async show(client: LanguageClient, which: Which): Promise<void> {
    let story: Story;
    try {
      // The page is ours to show: the server would open its source.
      story = await client.sendRequest(ExecuteCommandRequest.type,
                                       {command: storyCommand, arguments: [{...which, show: false}]});
    } catch (error) {
      void vscode.window.showWarningMessage(`Heddle: ${error instanceof Error ? error.message : error}`);
      return;
    }
    const name = which.uri.slice(which.uri.lastIndexOf('/') + 1);
    const page = vscode.Uri.from({scheme, path: `/Story in ${decodeURIComponent(name)}.md`});
    this.texts.set(page.toString(), story.value);
    this.changed.fire(page);
    await vscode.commands.executeCommand('markdown.showPreviewToSide', page);
  }

  /** The story of the finding at the cursor; of one that the user chooses if there are others. */
  async showAtCursor(client: LanguageClient | undefined): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    if (!editor || !client?.isRunning()) {
      void vscode.window.showInformationMessage('Heddle: open a C or C++ file first; then its findings have stories.');
      return;
    }
    const finding = await choose(client.diagnostics?.get(editor.document.uri) ?? [], editor);
    if (finding) {
      const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
      await this.show(client, {uri, ...identity(finding)});
    }
  }
}

async function choose(all: readonly vscode.Diagnostic[],
                      editor: vscode.TextEditor): Promise<vscode.Diagnostic | undefined> {
  const findings = all.filter((each) => identity(each).finding);
  if (findings.length === 0) {
    void vscode.window.showInformationMessage('Heddle: there are no findings in this file.');
    return undefined;
  }
  const line = editor.selection.active.line;
  const here = findings.filter(({range}) => range.start.line <= line && line <= range.end.line);
  if (here.length === 1) {
    return here[0];
  }
  const choices = (here.length > 0 ? here : findings).map((finding) => ({
    label: finding.message,
    description: `line ${finding.range.start.line + 1}`,
    finding,
  }));
  return (await vscode.window.showQuickPick(choices, {placeHolder: 'Whose story?'}))?.finding;
}

/** What the server put into the diagnostic to find it again. */
function identity(of: vscode.Diagnostic): {finding?: string} {
  const data = (of as {data?: {finding?: string}}).data;
  return {finding: data?.finding};
}
