// Finds the program `heddle` and says whether it is one that this extension can work with.
import {execFile} from 'node:child_process';
import {homedir} from 'node:os';
import * as path from 'node:path';
import * as vscode from 'vscode';

/** What `heddle lsp` came with. */
const oldestVersion = [0, 1, 0];

export type Program = {path: string; version: string};

/** The setting heddle.path, with ~ and ${workspaceFolder} replaced. A name without a slash stays one. */
export function configuredPath(): string {
  const configured = vscode.workspace.getConfiguration('heddle').get<string>('path')?.trim();
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';
  const text = (configured || 'heddle')
    .replace(/^~(?=[/\\])/, homedir())
    .replaceAll('${workspaceFolder}', folder);
  const hasFolder = text.includes('/') || text.includes('\\');
  return hasFolder && !path.isAbsolute(text) && folder ? path.join(folder, text) : text;
}

/** Asks the program for its version. Throws, in words for the user, if it is missing,
 * broken or too old. */
export async function findProgram(): Promise<Program> {
  const command = configuredPath();
  const output = await new Promise<string>((resolve, reject) => {
    execFile(command, ['--version'], {timeout: 60_000}, (error, stdout) => {
      if (!error) {
        resolve(stdout);
      } else if (error.code === 'ENOENT') {
        reject(new Error(`Heddle: there is no program '${command}'. Build or install heddle, then say where it ` +
                                `is in the setting heddle.path.`));
      } else if (error.code === 'EACCES') {
        reject(new Error(`Heddle: '${command}' may not be executed. Correct the setting heddle.path.`));
      } else {
        reject(new Error(`Heddle: '${command} --version' failed: ${error.message.trim()}`));
      }
    });
  });
  const version = /^heddle (\d+)\.(\d+)\.(\d+)/m.exec(output);
  if (!version) {
    throw new Error(`Heddle: '${command}' is another program: it does not tell a version of heddle. ` +
                           `Correct the setting heddle.path.`);
  }
  const numbers = version.slice(1).map(Number);
  if (isOlder(numbers, oldestVersion)) {
    throw new Error(`Heddle: '${command}' is version ${numbers.join('.')}, which has no language server. This ` +
                           `extension needs ${oldestVersion.join('.')} or newer: update heddle, or say where a newer ` +
                           `one is in the setting heddle.path.`);
  }
  return {path: command, version: numbers.join('.')};
}

function isOlder(version: number[], than: number[]): boolean {
  for (let i = 0; i < than.length; ++i) {
    if (version[i] !== than[i]) {
      return version[i] < than[i];
    }
  }
  return false;
}
