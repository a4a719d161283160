// The extension: starts `heddle lsp`, keeps it in step with the settings, and has the commands.
import * as vscode from 'vscode';
import {LanguageClient, LanguageClientOptions, State} from 'vscode-languageclient/node';
import {findProgram, Program} from './Program';
import {storyCommand, StoryPages} from './StoryPages';

const languages = ['c', 'cpp'];
const setUpPage = 'README.md';

let client: LanguageClient | undefined;
let output: vscode.LogOutputChannel;
let extension: vscode.ExtensionContext;
let pages: StoryPages;
/** Starts and stops happen one after the other. */
let lastStep: Promise<void> = Promise.resolve();

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  extension = context;
  output = vscode.window.createOutputChannel('Heddle', {log: true});
  pages = new StoryPages();
  context.subscriptions.push(
    output, pages,
    vscode.commands.registerCommand('heddle.restart', restart),
    vscode.commands.registerCommand('heddle.showOutput', () => output.show()),
    vscode.commands.registerCommand('heddle.fixAll', fixAll),
    vscode.commands.registerCommand('heddle.story', () => pages.showAtCursor(client)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      // The server hears of all other settings by itself.
      if (event.affectsConfiguration('heddle.path')) {
        void restart();
      }
    }));
  await restart();
}

export async function deactivate(): Promise<void> {
  await inTurn(stop);
}

function restart(): Promise<void> {
  return inTurn(async () => {
    await stop();
    await start();
  });
}

function inTurn(step: () => Promise<void>): Promise<void> {
  lastStep = lastStep.then(step, step);
  return lastStep;
}

async function stop(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await old?.dispose();
  } catch (error) {
    output.warn(`the server did not stop in due form: ${error}`);
  }
}

async function start(): Promise<void> {
  let program: Program;
  try {
    program = await findProgram();
  } catch (error) {
    output.error(String(error));
    void explain(error);
    return;
  }
  output.info(`heddle ${program.version}: ${program.path} lsp`);
  client = newClient(program.path);
  try {
    await client.start();
  } catch (error) {
    // The client has told the user.
    output.error(String(error));
  }
}

function newClient(program: string): LanguageClient {
  const options: LanguageClientOptions = {
    documentSelector: languages.map((language) => ({scheme: 'file', language})),
    initializationOptions: vscode.workspace.getConfiguration('heddle'),
    outputChannel: output,
    middleware: {
      executeCommand: async (command, args, next) =>
        command === storyCommand ? pages.show(result, args[0]) : next(command, args),
    },
  };
  // The name is the one of the setting heddle.trace.server.
  const result = new LanguageClient('heddle', 'Heddle', {command: program, args: ['lsp']}, options);
  result.onDidChangeState(({newState}) => {
    output.debug(`the server is ${State[newState].toLowerCase()}`);
  });
  return result;
}

/** Says why there is no server and offers what helps. */
async function explain(error: unknown): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  const settings = 'Open Settings';
  const help = 'How to Set Up';
  const again = 'Try Again';
  const chosen = await vscode.window.showErrorMessage(message, settings, help, again);
  if (chosen === settings) {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'heddle.path');
  } else if (chosen === help) {
    const page = vscode.Uri.joinPath(extension.extensionUri, setUpPage);
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } else if (chosen === again) {
    await restart();
  }
}

async function fixAll(): Promise<void> {
  await vscode.commands.executeCommand('editor.action.codeAction',
                                       {kind: 'source.fixAll.heddle', apply: 'first'});
}
