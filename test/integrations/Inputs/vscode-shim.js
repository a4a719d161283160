// As much of VS Code's API as the extension and its language client need, without an editor: what
// the extension does can be looked at, what the user would do is done by the test. What is not
// here is an object that takes everything and does nothing.
'use strict';
const {pathToFileURL, fileURLToPath} = require('node:url');

class Disposable {
  constructor(dispose = () => {}) { this.dispose = dispose; }
  static from(...all) { return new Disposable(() => all.forEach((each) => each.dispose())); }
}

class EventEmitter {
  listeners = new Set();
  event = (listener, self, disposables) => {
    const bound = self ? listener.bind(self) : listener;
    this.listeners.add(bound);
    const registration = new Disposable(() => this.listeners.delete(bound));
    disposables?.push(registration);
    return registration;
  };
  fire(event) { [...this.listeners].forEach((each) => each(event)); }
  dispose() { this.listeners.clear(); }
}

class Uri {
  constructor(text) {
    const url = new URL(text);
    Object.assign(this, {text, scheme: url.protocol.slice(0, -1), path: decodeURIComponent(url.pathname)});
  }
  static parse(text) { return new Uri(text); }
  static file(path) { return new Uri(pathToFileURL(path).href); }
  static from({scheme, path}) { return new Uri(`${scheme}:${encodeURI(path)}`); }
  static joinPath(base, ...parts) { return new Uri([base.text, ...parts].join('/')); }
  get fsPath() { return fileURLToPath(this.text); }
  toString() { return this.text; }
  toJSON() { return this.text; }
}

class Position {
  constructor(line, character) { Object.assign(this, {line, character}); }
}
class Range {
  constructor(...ends) {
    const [start, end] = ends.length === 4 ? [new Position(ends[0], ends[1]), new Position(ends[2], ends[3])] : ends;
    Object.assign(this, {start, end});
  }
}
class Diagnostic {
  constructor(range, message, severity) { Object.assign(this, {range, message, severity}); }
}
class CodeAction {
  constructor(title, kind) { Object.assign(this, {title, kind}); }
}
class WorkspaceEdit {
  all = [];
  set(uri, edits) { this.all.push([uri, edits]); }
  replace(uri, range, newText) { this.set(uri, [{range, newText}]); }
  insert(uri, place, newText) { this.replace(uri, new Range(place, place), newText); }
  delete(uri, range) { this.replace(uri, range, ''); }
  entries() { return this.all; }
}
class CodeActionKind {
  constructor(value) { this.value = value; }
  append(part) { return new CodeActionKind(this.value ? `${this.value}.${part}` : part); }
  static Empty = new CodeActionKind('');
}
for (const name of ['QuickFix', 'Refactor', 'RefactorExtract', 'RefactorInline', 'RefactorRewrite', 'Source',
                    'SourceFixAll', 'SourceOrganizeImports', 'Notebook']) {
  CodeActionKind[name] = new CodeActionKind(name);
}
class CancellationTokenSource {
  token = {isCancellationRequested: false, onCancellationRequested: new EventEmitter().event};
  cancel() {}
  dispose() {}
}
class CancellationError extends Error {}

/** Takes what is asked of it: called, constructed, extended, read. */
function anything(members = {}) {
  return new Proxy(class {}, {
    get: (target, name) => {
      if (name in members) {
        return members[name];
      }
      if (name in target || typeof name === 'symbol') {
        return target[name];
      }
      if (name === 'then') {
        return undefined;
      }
      return (members[name] = /^on[A-Z]/.test(name) ? new EventEmitter().event : anything());
    },
    set: (target, name, value) => {
      members[name] = value;
      return true;
    },
    apply: () => anything(),
    ownKeys: (target) => [...new Set([...Reflect.ownKeys(target), ...Object.keys(members)])],
    getOwnPropertyDescriptor: (target, name) =>
      Reflect.getOwnPropertyDescriptor(target, name) ??
      (name in members ? {value: members[name], enumerable: true, configurable: true, writable: true} : undefined),
  });
}

class Enumeration {
  constructor(first, ...names) {
    names.forEach((name, index) => { this[this[name] = first + index] = name; });
  }
}

/** The API, and beside it what has happened: messages shown, commands and providers registered. */
exports.create = function({settings, folder, onMessage}) {
  const events = {};
  for (const name of ['DidOpenTextDocument', 'DidChangeTextDocument', 'DidCloseTextDocument',
                      'DidChangeConfiguration']) {
    events[name] = new EventEmitter();
  }
  const state = {commands: new Map(), diagnostics: new Map(), executed: [], messages: [], providers: {}, events};
  const show = (severity) => async (message, ...choices) => {
    state.messages.push({severity, message, choices});
    return onMessage?.(message);
  };
  const section = (name) => {
    const values = {};
    if (!name) {
      const {get, has, inspect, ...all} = section('heddle');
      return {heddle: all, get: (key) => (key === 'heddle' ? all : undefined)};
    }
    for (const [key, value] of Object.entries(settings)) {
      if (key.startsWith(`${name}.`)) {
        values[key.slice(name.length + 1)] = value;
      }
    }
    return {...values, get: (key, otherwise) => values[key] ?? otherwise, inspect: () => undefined,
            has: (key) => key in values};
  };
  const log = anything({
    name: 'Heddle', append() {}, appendLine() {}, show() {}, dispose() {},
    trace() {}, debug() {}, info() {}, warn() {}, error() {},
  });
  const provide = (kind) => (selector, provider) => {
    state.providers[kind] = provider;
    return new Disposable(() => { delete state.providers[kind]; });
  };
  const api = anything({
    version: '1.100.0',
    Uri, Disposable, EventEmitter, Position, Range, Diagnostic, CodeAction, CodeActionKind, WorkspaceEdit,
    CancellationTokenSource, CancellationError,
    Location: class { constructor(uri, range) { Object.assign(this, {uri, range}); } },
    DiagnosticRelatedInformation: class { constructor(location, message) { Object.assign(this, {location, message}); } },
    Hover: class { constructor(contents, range) { Object.assign(this, {contents, range}); } },
    MarkdownString: class { constructor(value) { this.value = value; } },
    TextEdit: class { constructor(range, newText) { Object.assign(this, {range, newText}); } },
    DiagnosticSeverity: new Enumeration(0, 'Error', 'Warning', 'Information', 'Hint'),
    DiagnosticTag: new Enumeration(1, 'Unnecessary', 'Deprecated'),
    CodeActionTriggerKind: new Enumeration(1, 'Invoke', 'Automatic'),
    workspace: anything({
      workspaceFolders: [{uri: Uri.file(folder), name: 'folder', index: 0}],
      textDocuments: [],
      notebookDocuments: [],
      getConfiguration: section,
      getWorkspaceFolder: () => api.workspace.workspaceFolders[0],
      onDidOpenTextDocument: events.DidOpenTextDocument.event,
      onDidChangeTextDocument: events.DidChangeTextDocument.event,
      onDidCloseTextDocument: events.DidCloseTextDocument.event,
      onDidChangeConfiguration: events.DidChangeConfiguration.event,
      createFileSystemWatcher: () => anything(),
      registerTextDocumentContentProvider: (scheme, provider) => provide(`text of ${scheme}`)(scheme, provider),
    }),
    window: anything({
      createOutputChannel: () => log,
      showErrorMessage: show('error'),
      showWarningMessage: show('warning'),
      showInformationMessage: show('information'),
      visibleTextEditors: [],
      activeTextEditor: undefined,
      tabGroups: anything({all: []}),
      withProgress: (options, task) => task({report() {}}, new CancellationTokenSource().token),
    }),
    languages: anything({
      createDiagnosticCollection: () => ({
        set: (uri, all) => state.diagnostics.set(uri.toString(), all ?? []),
        get: (uri) => state.diagnostics.get(uri.toString()),
        delete: (uri) => state.diagnostics.delete(uri.toString()),
        clear: () => state.diagnostics.clear(),
        dispose: () => state.diagnostics.clear(),
      }),
      match: (selector, document) =>
        [selector].flat().some(({language, scheme}) => language === document.languageId &&
                                                       scheme === document.uri.scheme) ? 10 : 0,
      registerCodeActionsProvider: provide('actions'),
      registerHoverProvider: provide('hover'),
    }),
    commands: anything({
      registerCommand: (name, run) => {
        if (state.commands.has(name)) {
          throw new Error(`the command ${name} is there already`);
        }
        state.commands.set(name, run);
        return new Disposable(() => state.commands.delete(name));
      },
      executeCommand: async (name, ...given) => {
        state.executed.push([name, ...given]);
        return state.commands.get(name)?.(...given);
      },
    }),
    env: anything({language: 'en', appName: 'a test'}),
    extensions: anything({getExtension: () => undefined, all: []}),
  });
  return {api, state};
};

exports.document = function(uri, text, version = 1) {
  return {uri, version, languageId: 'cpp', fileName: uri.fsPath, isClosed: false, isDirty: false,
          getText: () => text, lineCount: text.split('\n').length};
};
