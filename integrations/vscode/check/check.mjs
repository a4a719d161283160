// Uses the extension in VS Code as a person would, in a browser: sees the finding, reads its story,
// takes the fix; and sees what is said when there is no heddle. See README.md.
//
//   node check.mjs --heddle PROGRAM --extension VSIX --pictures DIR
import {spawn, spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {dirname, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {chromium} from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const {values: options} = parseArgs({
  options: {
    heddle: {type: 'string'},
    extension: {type: 'string'},
    pictures: {type: 'string', default: '.'},
    chromium: {type: 'string', default: '/usr/bin/chromium'},
    editor: {type: 'string', default: join(here, 'node_modules/code-server/out/node/entry.js')},
  },
});
const source = join(here, '../../..');
const example = join(source, 'examples/first-findings/visits.cpp');
// As long as it takes: a slow machine is no failure.
const patience = 600_000;

const work = mkdtempSync(join(tmpdir(), 'heddle-vscode-'));
const folder = join(work, 'visits');
const code = join(folder, 'visits.cpp');
const profile = ['--user-data-dir', join(work, 'user'), '--extensions-dir', join(work, 'extensions')];
mkdirSync(folder);
mkdirSync(join(work, 'user/User'), {recursive: true});
cpSync(example, code);
writeFileSync(join(folder, 'compile_flags.txt'),
              `-std=c++20\n-I${source}/runtime/include\n-I${source}/examples/first-findings\n`);

function setSettings(program) {
  writeFileSync(join(work, 'user/User/settings.json'), JSON.stringify({
    'heddle.path': program,
    'heddle.trace.server': 'messages',
    'editor.minimap.enabled': false,
    'editor.fontSize': 13,
    'extensions.autoCheckUpdates': false,
    'extensions.ignoreRecommendations': true,
    'security.workspace.trust.enabled': false,
    'telemetry.telemetryLevel': 'off',
    'window.commandCenter': false,
    'workbench.colorTheme': 'Default Light Modern',
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
  }));
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().on('error', reject).listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

function step(what) {
  console.log(`- ${what}`);
}

class Editor {
  constructor(page) {
    this.page = page;
  }

  /** Opens the example and waits for what `sign` gives of the page. */
  static async open(browser, port, sign) {
    const page = await browser.newPage({viewport: {width: 1180, height: 760}});
    page.setDefaultTimeout(patience);
    const editor = new Editor(page);
    for (let attempts = 8;; --attempts) {
      await page.goto(`http://127.0.0.1:${port}/?folder=${folder}`, {waitUntil: 'commit', timeout: patience});
      await editor.openExample();
      try {
        await sign(page).waitFor({timeout: patience / 5});
        return editor;
      } catch (error) {
        // The editor starts no extensions if their process takes a minute to come up.
        if (attempts === 0) {
          throw error;
        }
      }
    }
  }

  async openExample() {
    await this.page.locator('.explorer-folders-view').getByText('visits.cpp').first().dblclick();
    await this.page.locator('.view-lines').getByText('++hits').waitFor();
  }

  async command(name) {
    await this.page.keyboard.press('F1');
    await this.page.locator('.quick-input-widget input').fill(`>${name}`);
    await this.page.locator('.quick-input-list').getByText(name, {exact: false}).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  async goToLine(number) {
    await this.page.locator('.view-lines').first().click();
    await this.page.keyboard.press('Control+g');
    await this.page.locator('.quick-input-widget input').fill(`:${number}`);
    await this.page.keyboard.press('Enter');
    await this.page.locator('.quick-input-widget').waitFor({state: 'hidden'});
  }

  /** Whoever asks while the editor itself asks, for the lamp at the line, may get no menu, and asks again. */
  async askForFixes(title) {
    const wanted = this.page.locator('.action-widget').getByText(title);
    for (const end = Date.now() + patience; ;) {
      await this.page.keyboard.press('Control+.');
      try {
        return await wanted.waitFor({timeout: 5000});
      } catch (error) {
        if (Date.now() > end) {
          throw error;
        }
      }
    }
  }

  picture(name) {
    return this.page.screenshot({path: join(options.pictures, `${name}.png`)});
  }
}

/** Line of the text in the example, from 1. */
function lineOf(text) {
  return readFileSync(example, 'utf8').split('\n').findIndex((line) => line.includes(text)) + 1;
}

async function checkFindings(browser, port) {
  step('the finding is underlined and in the list of problems');
  const editor = await Editor.open(browser, port, (page) => page.locator('.squiggly-error').first());
  const {page} = editor;
  await page.keyboard.press('Control+Shift+M');
  const problems = page.locator('.markers-panel');
  await problems.getByText('neither holds a lock').first().waitFor();
  await problems.getByText('unguarded-shared-write').first().waitFor();
  await editor.picture('problems');

  step('the story opens as a page beside the code');
  await editor.goToLine(lineOf('++hits'));
  await editor.command('Heddle: Show the Story');
  const story = page.frameLocator('iframe.webview.ready').frameLocator('iframe');
  await story.getByRole('heading', {name: "the thread that runs 'count'"}).waitFor();
  await editor.picture('story');
  await editor.command('View: Close All Editors in Group');
  await editor.openExample();
  // A file that has just been opened is read first; until then there are no fixes.
  await page.locator('.squiggly-error').first().waitFor();

  step('the quick fix makes the counter atomic, and the finding is gone');
  await editor.goToLine(lineOf('++hits'));
  await editor.askForFixes("Make 'hits' a std::atomic<int>");
  await editor.picture('quick-fix');
  // It is the first one, the preferred one. A click would not get through what keeps others off.
  await page.keyboard.press('Enter');
  await page.locator('.view-lines').getByText('std::atomic<int>').first().waitFor();
  await page.locator('.squiggly-error').first().waitFor({state: 'detached'});
  await page.keyboard.press('Control+s');
  for (const end = Date.now() + patience; !readFileSync(code, 'utf8').includes('std::atomic<int> hits');) {
    if (Date.now() > end) {
      throw new Error(`the fix was not saved:\n${readFileSync(code, 'utf8')}`);
    }
    await page.waitForTimeout(100);
  }

  step('what is typed is analysed without being saved: taken back, the finding is there again');
  await page.keyboard.press('Control+z');
  await page.locator('.squiggly-error').first().waitFor();

  step('all fixes at once');
  await editor.command('Heddle: Fix All in This File');
  await page.locator('.view-lines').getByText('std::atomic<int>').first().waitFor();
  await page.close();
}

async function checkMissingProgram(browser, port) {
  step('a missing program is told, with what to do');
  const message = (page) => page.locator('.notification-toast').getByText("there is no program '/nowhere/heddle'");
  const editor = await Editor.open(browser, port, message);
  const toast = editor.page.locator('.notification-toast');
  await toast.getByText('Open Settings').waitFor();
  await editor.picture('missing');
  await editor.page.close();
}

/** The editor gives up on itself if it takes ten seconds to start: a slow machine is no failure. */
async function startEditor() {
  for (let attempts = 10;; --attempts) {
    const started = spawn(process.execPath, [
      options.editor, ...profile, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`,
      '--disable-telemetry', '--disable-update-check', '--disable-workspace-trust',
    ], {
      stdio: ['ignore', 'pipe', 'inherit'],
      // What the user's shell would set has nothing to do with this, and may take long to find out.
      env: {...process.env, VSCODE_CLI: '1'},
    });
    const isUp = await new Promise((resolve) => {
      started.stdout.on('data', (text) => String(text).includes('HTTP server listening') && resolve(true));
      started.on('exit', () => resolve(false));
    });
    if (isUp) {
      return started;
    }
    if (attempts === 0) {
      throw new Error('the editor does not start');
    }
  }
}

const port = await freePort();
let server;
let browser;
try {
  setSettings(resolve(options.heddle));
  step('the extension is installed');
  const installed = spawnSync(process.execPath, [options.editor, ...profile, '--install-extension', options.extension],
                              {encoding: 'utf8', timeout: patience});
  if (installed.status !== 0) {
    throw new Error(`${installed.stdout}${installed.stderr}${installed.error ?? ''}`);
  }
  server = await startEditor();
  browser = await chromium.launch({executablePath: options.chromium, args: ['--no-sandbox']});
  await checkFindings(browser, port);
  cpSync(example, code);
  setSettings('/nowhere/heddle');
  await checkMissingProgram(browser, port);
  console.log('everything worked');
} catch (error) {
  for (const [number, page] of (browser?.contexts() ?? []).flatMap((each) => each.pages()).entries()) {
    await page.screenshot({path: join(options.pictures, `failed-${number}.png`)});
  }
  console.error(error);
  for (const log of readdirSync(join(work, 'user'), {recursive: true}).filter((each) => /(Heddle|remoteexthost)\.log$/.test(each))) {
    console.error(`${log}:\n${readFileSync(join(work, 'user', log), 'utf8')}`);
  }
  process.exitCode = 1;
} finally {
  await browser?.close();
  server?.kill();
  rmSync(work, {recursive: true, force: true, maxRetries: 5});
}
