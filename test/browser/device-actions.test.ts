import assert from 'node:assert/strict';

import type { Browser, Locator, Page } from 'playwright-core';

import {
  accessibilityFindings,
  choosePerson,
  closePage,
  openConversation,
  openPage,
  startBrowser,
  takePicture,
} from './browser.js';
import { startProgram } from './program.js';
import type { Program } from './program.js';
import { channelBox, press, raise, say } from './triage.js';

describe('Actions on a device in the running program, as people do them', () => {
  let browser: Browser;
  let program: Program;
  let page: Page;
  let faults: string[];

  before(async () => {
    [browser, program] = await Promise.all([startBrowser(), startProgram()]);
  });
  after(async () => {
    await browser?.close();
    await program?.stop();
  });
  beforeEach(async () => {
    ({ page, faults } = await openPage(browser, program.url, { height: 1000 }));
    await page.getByRole('heading', { name: 'Contoso alerts', exact: true }).waitFor();
    await page.getByRole('article').first().waitFor();
  });
  afterEach(async () => {
    await closePage(page);
    assert.deepEqual(faults, [], 'nothing went wrong in the page');
  });

  const shows = (card: Locator, text: string | RegExp) => card.getByText(text).first().waitFor();
  const actionCard = (name: string) => page.getByRole('article').filter({ hasText: new RegExp(`· ${name}\\b`) });

  /** An alert of a device that can be isolated, and that none of these stories has touched. */
  async function alertOfFreshDevice(): Promise<Locator> {
    for (let tries = 0; tries < 30; tries += 1) {
      const card = await raise(page, 'high');
      const words = (await card.textContent()) ?? '';
      const isolates = card.getByRole('button', { name: 'Isolate device' });
      if (/con-(lap|desk)/.test(words) && !/ACT-\d/.test(words) && (await isolates.count()) === 1) return card;
    }
    throw new Error('no alert of a laptop or desktop was raised');
  }

  /** Fills in the dialog that is open and gives the name of the action, from the sentence that answers. */
  async function ask(title: string, reason: string): Promise<string> {
    const dialog = page.getByRole('dialog', { name: title });
    await dialog.getByRole('textbox', { name: /Reason/ }).fill(reason);
    await dialog.getByRole('button', { name: title, exact: true }).click();
    const answer = page.getByText(/^ACT-\d+: /).first();
    await answer.waitFor();
    const name = /ACT-\d+/.exec((await answer.textContent()) ?? '')?.[0] ?? 'no action';
    await dialog.waitFor({ state: 'detached' }).catch(() => page.keyboard.press('Escape'));
    return name;
  }

  it('a second person approves an isolation in the personal chat; it completes, and is released', async () => {
    const alert = await alertOfFreshDevice();
    await press(alert, 'Isolate device');
    await page
      .getByRole('dialog')
      .getByText(/asked at once: Alex Rivera and Maya Chen/)
      .waitFor();
    await takePicture(page, 'action-1-dialog');
    assert.deepEqual(await accessibilityFindings(page), []);
    const name = await ask('Isolate device', 'Ransomware note on the desktop, the user is away');
    const own = actionCard(name);
    await shows(own, 'Waiting for approval');
    await shows(own, 'asked in the personal chat');
    await shows(alert, new RegExp(`${name}`));
    await takePicture(page, 'action-2-waiting');

    await press(own, 'Approve');
    await shows(own, /your own request/i);
    await takePicture(page, 'action-3-not-ones-own');

    await choosePerson(page, 'Maya Chen');
    await openConversation(page, 'AVIAN');
    const asked = actionCard(name);
    await shows(asked, 'Waiting for approval');
    await takePicture(page, 'action-4-asked-in-chat');
    await press(asked, 'Approve');
    await shows(asked, /Approved by Maya Chen/);
    await takePicture(page, 'action-5-approved');
    await shows(asked, 'In progress');
    await takePicture(page, 'action-6-in-progress');
    await shows(asked, 'Completed');
    await takePicture(page, 'action-7-completed-in-chat');

    await choosePerson(page, 'Ana Ortiz');
    await openConversation(page, 'Contoso alerts');
    await shows(own, 'Completed');
    await shows(alert, /isolated/);
    await takePicture(page, 'action-8-completed');
    await press(alert, 'Release device');
    await takePicture(page, 'action-9-release-dialog');
    const release = await ask('Release device', 'Cleaned and checked');
    await shows(actionCard(release), 'Completed');
    await alert.getByRole('button', { name: 'Isolate device' }).waitFor();
    await takePicture(page, 'action-10-released');
  });

  it('an action for a device that is offline is shown as queued, and can be cancelled', async () => {
    const alert = await alertOfFreshDevice();
    await page.getByRole('button', { name: 'Device offline' }).click();
    await press(alert, 'Scan device');
    const name = await ask('Scan device', 'Looks odd');
    const own = actionCard(name);
    await shows(own, /queued|pending/i);
    await takePicture(page, 'action-queued');
    await press(own, 'Cancel');
    await takePicture(page, 'action-cancel-dialog');
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /Cancel/ })
      .last()
      .click();
    await shows(own, 'Cancelled');
    await takePicture(page, 'action-cancelled');
  });

  it('a request that is rejected never leaves, and the reason stands on the card', async () => {
    const alert = await alertOfFreshDevice();
    await press(alert, 'Isolate device');
    const name = await ask('Isolate device', 'Only a feeling');
    await choosePerson(page, 'Alex Rivera');
    await openConversation(page, 'AVIAN');
    const asked = actionCard(name);
    await press(asked, 'Reject');
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').fill('Call the user first');
    await dialog.getByRole('button', { name: 'Reject' }).click();
    await shows(asked, 'Rejected');
    await shows(asked, /Call the user first/);
    await takePicture(page, 'action-rejected');
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`shows a device and the posture on request, on a phone, ${theme}`, async () => {
      await closePage(page);
      ({ page, faults } = await openPage(browser, program.url, { width: 390, height: 844, theme }));
      await channelBox(page).waitFor();
      for (const [said, answer] of [
        ['device con-lap-0117', 'Onboarding'],
        ['posture', 'Devices of the highest risk'],
      ] as const) {
        await say(page, channelBox(page), `@AVIAN ${said}`);
        await page.getByRole('article').last().getByText(answer, { exact: true }).first().waitFor();
        await takePicture(page, `command-${said.split(' ')[0] ?? ''}-${theme}`);
      }
      assert.deepEqual(await accessibilityFindings(page), []);
    });
  }
});
