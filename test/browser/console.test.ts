import assert from 'node:assert/strict';

import type { Browser, Page } from 'playwright-core';

import { startConsoleServer } from '../sandbox/console-server.js';
import type { ConsoleServer } from '../sandbox/console-server.js';
import {
  accessibilityFindings,
  choosePerson,
  closePage,
  openConversation,
  openPage,
  postWith,
  startBrowser,
  takePicture,
} from './browser.js';
import type { PageLook } from './browser.js';

describe('The console in a browser', () => {
  let browser: Browser;
  let server: ConsoleServer;
  let page: Page;
  let faults: string[];

  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser.close());
  beforeEach(async () => {
    server = await startConsoleServer({ enforceLimits: false });
  });
  afterEach(async () => {
    await closePage(page);
    await server.close();
    assert.deepEqual(faults, [], 'nothing went wrong in the page');
  });

  async function open(look: PageLook = {}): Promise<void> {
    ({ page, faults } = await openPage(browser, server.url, look));
    await page.getByRole('heading', { name: 'Security alerts', exact: true }).waitFor();
  }
  const scrollTo = (part: number) =>
    page.evaluate(`{ const feed = document.querySelector('.feed'); feed.scrollTop = feed.scrollHeight * ${part}; }`);
  const ann = () => [...server.teams.people.values()][0]?.id ?? '';
  const box = () => page.getByRole('textbox', { name: /^Message in/ });

  it('says what to do in an empty channel, then shows an alert as it arrives', async () => {
    await open();
    await page.getByText('Nothing has happened in Security alerts yet').waitFor();
    await page.getByRole('button', { name: 'Raise alert' }).click();
    await postWith(page, 'Ransomware behaviour').getByRole('button', { name: 'Assign to me' }).waitFor();
    await page.getByRole('status').getByText('Defender raised an alert.').waitFor();
  });

  it('lets one person take an alert while another sees it change', async () => {
    await server.raise('Security alerts');
    await open();
    const first = { page, faults };
    await postWith(page, 'Ransomware').getByRole('button', { name: 'Assign to me' }).waitFor();
    const other = await openPage(browser, server.url);
    await choosePerson(other.page, 'Bo Berg');
    await page.getByRole('button', { name: 'Assign to me' }).click();
    await page.getByRole('button', { name: 'Start investigation' }).waitFor();
    await postWith(other.page, 'assigned · Ann Archer').getByText('Ann Archer took A-1042').waitFor();
    await closePage(other.page);
    assert.deepEqual(other.faults, []);
    ({ page, faults } = first);
  });

  it('shows a refusal under the card, as a sentence', async () => {
    await server.raise('Security alerts');
    await open();
    await choosePerson(page, 'Gita Rao');
    await page.getByRole('button', { name: 'Assign to me' }).click();
    await page.getByRole('alert').getByText('Ask Adam Okoye (administrator)').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Assign to me' }).isEnabled(), true);
  });

  it('opens a dialog that asks, checks its inputs, keeps the focus inside, and closes on Escape', async () => {
    await server.raise('Security alerts');
    await open();
    await page.getByRole('button', { name: 'Close…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Close A-1042' });
    await dialog.getByRole('button', { name: 'Close alert' }).click();
    await dialog.getByText('Write at least a sentence.').waitFor();
    for (let index = 0; index < 12; index++) await page.keyboard.press('Tab');
    const outside = await page.evaluate<boolean>(
      "document.activeElement !== document.body && !document.querySelector('dialog').contains(document.activeElement)",
    );
    assert.equal(outside, false);
    assert.deepEqual(await accessibilityFindings(page), []);
    await takePicture(page, 'console-dialog');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Close…' }).click();
    await dialog.getByRole('textbox', { name: /Notes/ }).fill('The script is ours, signed and expected.');
    await dialog.getByRole('button', { name: 'Close alert' }).click();
    await page.getByText('A-1042 is closed.').waitFor();
    await postWith(page, 'closed · Ann Archer').waitFor();
  });

  it('answers a slash command privately and offers commands and names while typing', async () => {
    await open();
    await box().fill('/h');
    await page.getByRole('option', { name: /\/help/ }).waitFor();
    await page.keyboard.press('Tab');
    assert.equal(await box().inputValue(), '/help ');
    await page.keyboard.press('Enter');
    await page.getByText('Only you can see this message').waitFor();
    await box().fill('@AV');
    await page.keyboard.press('Enter');
    await page.keyboard.type('queue');
    await page.keyboard.press('Enter');
    await page.getByText('You said: queue').waitFor();
    await choosePerson(page, 'Bo Berg');
    await page.getByText('You said: queue').waitFor();
    assert.equal(await page.getByText('Only you can see this message').count(), 0);
  });

  it('marks what was not read, and mentions louder, until it is read', async () => {
    await open();
    await openConversation(page, 'AVIAN');
    await server.teams.say('Bo Berg', 'Security alerts', '<at>Ann Archer</at> have a look');
    const channel = page.getByRole('button', { name: /Security alerts.*mentioned.*1 unread/ });
    await channel.waitFor();
    await channel.click();
    await page.locator('.mention-me').waitFor();
    await page.getByRole('button', { name: 'Security alerts', exact: true }).waitFor();
  });

  it('refreshes a card by itself for people it lists, and on request for others', async () => {
    await server.raise('Security alerts', {}, [ann()]);
    await open();
    await page.getByRole('button', { name: 'Assign to me' }).waitFor();
    const triggers = () => server.bot.received.map((one) => (one.value as { trigger?: string } | undefined)?.trigger);
    await page.getByRole('button', { name: 'Refresh card' }).click();
    while (triggers().length < 2) await page.evaluate('new Promise(requestAnimationFrame)');
    assert.deepEqual(triggers().toSorted(), ['automatic', 'manual']);
  });

  it('collapses a thread to its newest reply and opens it in place', async () => {
    const id = await server.raise('Security alerts');
    for (const text of ['one', 'two', 'three'])
      await server.teams.say('Bo Berg', 'Security alerts', text, { replyTo: id });
    await open();
    await page.getByText('three', { exact: true }).waitFor();
    assert.equal(await page.getByText('one', { exact: true }).count(), 0);
    await page.getByRole('button', { name: 'See all 3 replies from Bo Berg' }).click();
    await page.getByText('one', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Reply', exact: true }).click();
    await page.keyboard.type('four');
    await page.keyboard.press('Enter');
    await page.getByText('four', { exact: true }).waitFor();
    assert.equal(server.teams.replies(id).length, 4);
  });

  it('does not move what is being read when news arrives, and says how much there is', async () => {
    for (let index = 0; index < 15; index++) await server.teams.say('Bo Berg', 'Security alerts', `post ${index}`);
    await open();
    await page.getByText('post 14', { exact: true }).waitFor();
    await scrollTo(0.33);
    const middle = page.getByText('post 6', { exact: true });
    const before = await middle.boundingBox();
    for (let index = 15; index < 18; index++) await server.teams.say('Bo Berg', 'Security alerts', `post ${index}`);
    await page.getByRole('button', { name: '3 new messages' }).waitFor();
    assert.equal((await middle.boundingBox())?.y, before?.y);
    await page.getByRole('button', { name: '3 new messages' }).click();
    await page.getByText('post 17', { exact: true }).waitFor();
  });

  it('stays quick with 500 cards in a channel, and older ones come by scrolling up', async () => {
    for (let index = 0; index < 500; index++) await server.raise('Security alerts', { number: 5_000 + index });
    await open();
    await page.getByText('A-5499').waitFor();
    assert.ok((await page.getByRole('article').count()) <= 60);
    await scrollTo(0);
    await page.getByText('A-5474').waitFor();
    await scrollTo(0);
    await page.getByText('A-5450').waitFor({ state: 'attached' });
  });

  it('works by keyboard alone', async () => {
    await server.raise('Security alerts');
    await open();
    await page.getByRole('radio', { name: 'Ann Archer' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: 'Bo Berg', checked: true }).waitFor();
    await page.getByRole('button', { name: 'AVIAN' }).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Escalations', exact: true }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.getByRole('article').first().focus();
    while ((await page.evaluate<string>('document.activeElement.textContent')) !== 'Assign to me')
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Start investigation' }).waitFor();
    const focused = await page.evaluate<string>('document.activeElement.textContent');
    assert.equal(focused, 'Start investigation', 'the focus stays in the card');
  });

  it('shows hostile text as text', async () => {
    const title =
      '<img src=x onerror=alert(1)> ![](http://evil.example/x.png) [here](javascript:alert(1)) <at>Ann Archer</at>';
    await server.raise('Security alerts', { title });
    await open();
    await page.getByRole('heading', { name: /onerror/ }).waitFor();
    assert.equal(await page.locator('.card img').count(), 0);
    assert.equal(await page.locator('.card a').count(), 0);
    assert.equal(await page.locator('.card .mention').count(), 0);
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`has no serious accessibility finding and no sideways scrolling, ${theme} at ${width} px`, async () => {
        const id = await server.raise('Security alerts', {
          severity: 'Critical',
          title: 'Credential theft on HR-WS-0112',
        });
        await server.raise('Security alerts', { severity: 'Medium', title: 'Unusual sign-in' });
        await server.teams.say('Bo Berg', 'Security alerts', 'Seen before, <at>Ann Archer</at>?', { replyTo: id });
        await open({ theme, width, height: 844 });
        await postWith(page, 'Unusual sign-in').getByRole('button', { name: 'Assign to me' }).click();
        await page.getByRole('button', { name: 'Start investigation' }).waitFor();
        assert.deepEqual(await accessibilityFindings(page), []);
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(overflow <= 0);
        await takePicture(page, `console-${theme}-${width}`);
        if (width > 780) return;
        await page.getByRole('button', { name: 'People and channels' }).click();
        await page.getByRole('radio', { name: 'Ann Archer' }).waitFor();
        assert.deepEqual(await accessibilityFindings(page), []);
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: 'People and channels', expanded: false }).waitFor();
      });
    }
  }
});
