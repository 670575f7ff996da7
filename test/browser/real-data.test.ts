import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Browser, Page } from 'playwright-core';

import { until } from '../helpers/until.js';
import { accessibilityFindings, openConversation, openPage, startBrowser, takePicture } from './browser.js';
import { startProgram } from './program.js';
import type { Program } from './program.js';
import { channelBox, lastAnswer, say } from './triage.js';

const folder = fileURLToPath(new URL('../../../shared/data/real', import.meta.url));
const alerts = 189;

describe('Real alerts of Microsoft in the running program', () => {
  let browser: Browser | undefined;
  let program: Program | undefined;
  let page: Page;
  let faults: string[];

  before(async function () {
    if (!existsSync(folder)) {
      process.stderr.write('  No ../shared/data/real here: the real alerts are not tried.\n');
      return this.skip();
    }
    [browser, program] = await Promise.all([startBrowser(), startProgram({ SANDBOX_DATA: folder })]);
    ({ page, faults } = await openPage(browser, program.url, { height: 900 }));
  });
  after(async () => {
    await browser?.close();
    await program?.stop();
  });

  it('become rows, all of them, and cards at the pace that Teams allows', async () => {
    const cards = page.getByRole('article').filter({ hasText: /A-\d+/ });
    await cards.nth(4).waitFor();
    await takePicture(page, 'real-first-look');
    await openConversation(page, 'AVIAN');
    await until(`the queue holds ${alerts} alerts`, async () => {
      const asked = await page.getByRole('article').count();
      await say(page, channelBox(page), 'queue Contoso');
      await page
        .getByRole('article')
        .nth(asked + 1)
        .getByText(/^Triage queue/)
        .waitFor();
      return (await lastAnswer(page).getByText(`Triage queue: ${alerts} open alerts`).count()) === 1;
    });
    await takePicture(page, 'real-queue');
  });

  it('are drawn without a fault, in light and dark and on a phone', async () => {
    assert.ok(browser && program);
    for (const [theme, width] of [
      ['light', 1280],
      ['dark', 390],
    ] as const) {
      const other = await openPage(browser, program.url, { theme, width, height: 900 });
      await other.page.getByRole('article').first().waitFor();
      assert.deepEqual(await accessibilityFindings(other.page), []);
      const overflow = await other.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      assert.ok(overflow <= 0, 'nothing scrolls sideways');
      await takePicture(other.page, `real-${theme}-${width}`);
      faults.push(...other.faults);
    }
    assert.deepEqual(faults, []);
  });
});
