// Runs the bundled extension with a real server: node run-extension.js EXTENSION HEDDLE CODE
'use strict';
const assert = require('node:assert/strict');
const {readFileSync} = require('node:fs');
const Module = require('node:module');
const {dirname, join, resolve} = require('node:path');
const {create, document} = require('./vscode-shim.js');

const [folder, heddle, code] = process.argv.slice(2).map((each) => resolve(each));
const manifest = JSON.parse(readFileSync(join(folder, 'package.json')));
const settings = {};
for (const [key, {default: value}] of Object.entries(manifest.contributes.configuration.properties)) {
  settings[key] = value;
}
settings['heddle.path'] = '/nowhere/heddle';

const {api, state} = create({settings, folder: dirname(code)});
const load = Module._load;
Module._load = (name, ...rest) => (name === 'vscode' ? api : load(name, ...rest));

// As long as it takes: a slow machine is no failure.
async function until(what, condition) {
  const end = Date.now() + 300_000;
  for (;;) {
    const found = await condition();
    if (found) {
      return found;
    }
    assert(Date.now() < end, `waited in vain until ${what}; shown: ${JSON.stringify(state.messages)}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

function changeSetting(key, value) {
  settings[key] = value;
  state.events.DidChangeConfiguration.fire({affectsConfiguration: (name) => key.startsWith(name)});
}

const uri = api.Uri.file(code);
const text = readFileSync(code, 'utf8');
const findings = () => state.diagnostics.get(uri.toString()) ?? [];

async function main() {
  const extension = require(join(folder, manifest.main));
  const context = {subscriptions: [], extensionUri: api.Uri.file(folder)};
  let open = document(uri, text);
  api.workspace.textDocuments.push(open);
  api.window.activeTextEditor = {document: open, selection: {active: new api.Position(0, 0)}};

  await extension.activate(context);
  for (const {command} of manifest.contributes.commands) {
    assert(state.commands.has(command), `the command ${command} does nothing`);
  }

  // No program.
  const told = await until('a missing program is told', () => state.messages.shift());
  assert.equal(told.severity, 'error');
  assert.match(told.message, /there is no program '\/nowhere\/heddle'/);
  assert.deepEqual(told.choices, ['Open Settings', 'How to Set Up', 'Try Again']);
  // One that is another one.
  changeSetting('heddle.path', '/bin/true');
  assert.match((await until('another program is told', () => state.messages.shift())).message,
               /'\/bin\/true' is another program/);

  // The right one is used as soon as it is set.
  changeSetting('heddle.path', heddle);
  const [finding] = await until('the race is found', () => findings().length > 0 && findings());
  assert.equal(text.split('\n')[finding.range.start.line].trim(), 'static void count() { ++hits; }');
  assert.equal(finding.source, 'heddle');
  assert.equal(finding.code.value ?? finding.code, 'unguarded-shared-write');
  assert.equal(finding.severity, api.DiagnosticSeverity.Error);
  assert(finding.relatedInformation.length >= 2, 'the threads are not shown');

  // The story of the finding at the cursor.
  api.window.activeTextEditor.selection.active = finding.range.start;
  await state.commands.get('heddle.story')();
  const [command, page] = state.executed.pop();
  assert.equal(command, 'markdown.showPreviewToSide');
  const story = state.providers[`text of ${page.scheme}`].provideTextDocumentContent(page);
  assert.match(story, /the thread that runs 'count'/);

  // The actions that the menu shows. The one for the story leads to the same page.
  const token = new api.CancellationTokenSource().token;
  const actions = await state.providers.actions.provideCodeActions(
      open, finding.range, {diagnostics: [finding], triggerKind: 1}, token);
  const titles = actions.map(({title}) => title);
  const fix = actions.find(({title}) => title.includes("std::atomic<int>"));
  assert(fix?.edit, `the fix is not offered, only ${titles}`);
  const {command: run} = actions.find(({command}) => command?.command === 'heddle.showStory') ?? {};
  assert(run, `the story is not offered, only ${titles}`);
  await state.commands.get(run.command)(...run.arguments);
  assert.equal(state.executed.pop()[0], 'markdown.showPreviewToSide');

  // Rules that are turned off show nothing, without a new start.
  changeSetting('heddle.checks', '-unguarded-shared-write');
  await until('the rule is off', () => findings().length === 0);
  changeSetting('heddle.checks', '');
  await until('the rule is on again', () => findings().length > 0);

  // A new server has the findings as well.
  await state.commands.get('heddle.restart')();
  await until('the new server has found it', () => findings().length > 0);
  assert.deepEqual(state.messages, []);
  await extension.deactivate();
  context.subscriptions.forEach((each) => each.dispose());
  assert.equal(state.commands.size, 0);
  console.log('everything worked');
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
