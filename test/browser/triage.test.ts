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
import type { PageLook } from './browser.js';
import { startProgram } from './program.js';
import type { Program } from './program.js';
import { channelBox, lastAnswer, nameOf, press, raise, say } from './triage.js';

describe('Triage in the running program, as a person does it', () => {
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
  beforeEach(() => open());
  afterEach(async () => {
    await closePage(page);
    assert.deepEqual(faults, [], 'nothing went wrong in the page');
  });

  async function open(look: PageLook = {}): Promise<void> {
    ({ page, faults } = await openPage(browser, program.url, { height: 900, ...look }));
    await page.getByRole('heading', { name: 'Contoso alerts', exact: true }).waitFor();
    await page.getByRole('article').first().waitFor();
  }
  const shows = (card: Locator, text: string | RegExp) => card.getByText(text).first().waitFor();

  it('shows the most urgent alert to whoever looks for the first time', async () => {
    const topmost = page.getByRole('article').filter({ hasText: /A-\d+/ }).first();
    await shows(topmost, /^▲ High · A-\d+$/);
    const box = await topmost.boundingBox();
    assert.ok(box && box.y >= 0 && box.y < 600, 'it is in view');
    await takePicture(page, 'triage-1-first-look');
    await page
      .getByRole('article')
      .filter({ hasText: /A-11\D/ })
      .waitFor();
    assert.equal((await topmost.boundingBox())?.y, box.y, 'what arrives below moves nothing');
    await page.getByRole('button', { name: /new messages$/ }).waitFor();
  });

  it('leads from the alert to the resolved incident', async () => {
    const card = await raise(page, 'high');
    await shows(card, 'Nobody yet');
    await takePicture(page, 'triage-2-raised');
    await press(card, 'Assign to me', 'Investigate');
    await shows(card, 'Ana Ortiz');
    await press(card, 'Investigate', 'Escalate');
    await takePicture(page, 'triage-3-investigating');
    await press(card, 'Escalate');
    await shows(card, 'Escalated');
    const name = /INC-\d+/.exec((await card.textContent()) ?? '')?.[0] ?? 'no incident';
    await takePicture(page, 'triage-4-escalated');

    await openConversation(page, 'Contoso incidents');
    const incident = page.getByRole('article').filter({ hasText: new RegExp(`${name}\\b`) });
    for (const clock of ['Acknowledge', 'Investigate', 'Resolve'])
      await incident.locator('.card').getByText(clock, { exact: true }).first().waitFor();
    await shows(incident, /running, due in/);
    await takePicture(page, 'triage-5-incident');
    await press(incident, 'Start work');
    await shows(incident, 'In progress');
    await shows(incident, '✓ met');

    await press(incident, 'Resolve');
    const dialog = page.getByRole('dialog', { name: `Resolve ${name}` });
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.getByText('Write a sentence; it is kept in the history.').waitFor();
    await takePicture(page, 'triage-6-resolve-dialog');
    assert.deepEqual(await accessibilityFindings(page), []);
    await dialog.getByRole('textbox', { name: /Summary/ }).fill('Device reimaged, password reset, nothing remains.');
    await dialog.getByRole('button', { name: 'Resolve' }).click();
    await dialog.waitFor({ state: 'detached' });
    await shows(incident, 'Resolved');
    await shows(incident, 'Device reimaged, password reset, nothing remains.');
    await takePicture(page, 'triage-7-resolved');
    await openConversation(page, 'Contoso alerts');
    await shows(page.getByRole('article').filter({ hasText: `${name} · Resolved` }), 'Escalated');
  });

  it('closes an alert only with notes that say something', async () => {
    const card = await raise(page, 'low');
    await press(card, 'Assign to me', 'Investigate');
    await press(card, 'Close');
    const dialog = page.getByRole('dialog', { name: `Close ${await nameOf(card)}` });
    await dialog.getByText('Benign', { exact: false }).first().click();
    await dialog.getByRole('textbox').fill('ok');
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await dialog.getByText('Write at least 10 characters.').waitFor();
    await takePicture(page, 'triage-close-dialog');
    await dialog.getByRole('textbox').fill('Our own update script, signed and expected.');
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
    await shows(card, 'Closed as benign');
    await takePicture(page, 'triage-closed');
  });

  it('refuses a colleague on the card itself, and says whose it is and what to do', async () => {
    const card = await raise(page, 'medium');
    const name = await nameOf(card);
    await press(card, 'Assign to me', 'Investigate');
    await choosePerson(page, 'Bo Lindqvist');
    await press(card, 'Investigate');
    await shows(
      card,
      `${name} belongs to Ana Ortiz, so only Ana Ortiz may do this. An admin can hand it over, with a reason.`,
    );
    await takePicture(page, 'triage-refused-colleague');
    await choosePerson(page, 'Ana Ortiz');
    assert.equal(await card.getByText('so only Ana Ortiz may do this').count(), 0, 'nobody else sees the refusal');
    await press(card, 'Investigate', 'Escalate');
  });

  it('refuses the guest and says what is missing and who can grant it', async () => {
    const card = await raise(page, 'medium');
    await choosePerson(page, 'Gus Weber');
    await press(card, 'Assign to me');
    await shows(card, /Whoever runs this installation can add you/);
    await takePicture(page, 'triage-refused-guest');
  });

  it('refuses the manager, whose role takes no alerts', async () => {
    const card = await raise(page, 'medium');
    await choosePerson(page, 'Maya Chen');
    await press(card, 'Assign to me');
    await shows(card, /Your role here \(.+\) does not allow this; it takes/);
    await takePicture(page, 'triage-refused-manager');
    await shows(card, 'Nobody yet');
  });

  it('counts a repeat on the same card, with no new post', async () => {
    const card = await raise(page, 'high');
    const name = await nameOf(card);
    const posts = await page.getByRole('article').count();
    await page.getByRole('button', { name: 'Repeat the newest' }).click();
    await shows(card, /^Seen 2 times, first .+, last .+/);
    assert.equal(await page.getByRole('article').count(), posts);
    assert.equal(
      await page
        .getByRole('article')
        .filter({ hasText: new RegExp(`${name}\\b`) })
        .count(),
      1,
    );
    await takePicture(page, 'triage-repeat');
  });

  it('shows what an attacker wrote as plain text', async () => {
    const card = await raise(page, null);
    await shows(card, /Re-authenticate here/);
    assert.equal(await card.locator('.card img, .card .mention').count(), 0);
    assert.equal(await card.locator('.card a').count(), 0);
    assert.match((await card.textContent()) ?? '', /\$\{severity\}/);
    await takePicture(page, 'triage-hostile');
  });

  it('opens what stands behind the links of a card', async () => {
    const card = await raise(page, 'high');
    await press(card, 'Why am I seeing this');
    await shows(card, 'Dedupe key');
    await press(card, 'Evidence and advice');
    await shows(card, 'What happened');
    await takePicture(page, 'triage-details');
  });

  for (const [said, answer] of [
    ['queue', /^Triage queue: \d+ open alerts$/],
    ['help', 'What you can say'],
    ['whoami', 'You are Ana Ortiz, security analyst in Contoso.'],
    ['mine', /^Mine: /],
    ['quue', /"quue" is not a command\. Did you mean "queue"\?/],
  ] as const) {
    it(`answers "${said}" in the channel`, async () => {
      await say(page, channelBox(page), `@AVIAN ${said}`);
      await lastAnswer(page).getByText(answer).first().waitFor();
      await takePicture(page, `command-channel-${said}`);
    });
  }

  it('answers in the personal chat, and asks which customer when there are two', async () => {
    await openConversation(page, 'AVIAN');
    await takePicture(page, 'chat-empty');
    const box = channelBox(page);
    for (const [said, answer] of [
      ['help', 'What you can say'],
      ['whoami', /You are Ana Ortiz: /],
      ['queue', /Which tenant: Contoso, Fabrikam\?/],
      ['mine Contoso', /^Mine: /],
      ['qeue', /Did you mean "queue"\?/],
    ] as const) {
      await say(page, box, said);
      await lastAnswer(page).getByText(answer).first().waitFor();
      await takePicture(page, `command-chat-${said.replaceAll(' ', '-')}`);
    }
  });

  it('takes alerts from the queue in the personal chat, row by row and page by page', async () => {
    await openConversation(page, 'AVIAN');
    await say(page, channelBox(page), 'queue Contoso');
    const list = lastAnswer(page);
    await list.getByText(/^Triage queue/).waitFor();
    await takePicture(page, 'list-queue');
    const firstRow = /A-\d+/.exec((await list.textContent()) ?? '')?.[0] ?? '';
    await press(list, 'Next page');
    await list.getByText(new RegExp(`${firstRow} `)).waitFor({ state: 'detached' });
    await takePicture(page, 'list-queue-next');
    const rows = (await list.textContent()) ?? '';
    const [, before] = /Triage queue: (\d+)/.exec(rows) ?? [];
    const taken = /A-\d+(?= )/.exec(rows.replace(/^.*to see its card\./s, ''))?.[0] ?? '';
    await list.getByRole('button', { name: 'Assign to me' }).first().click();
    await list.getByText(`${taken}: Assigned (Ana Ortiz). Say "mine" to see your work.`).waitFor();
    await list.getByText(`Triage queue: ${Number(before) - 1} open alerts`).waitFor();
    await takePicture(page, 'list-queue-taken');
    await say(page, channelBox(page), 'mine Contoso');
    await lastAnswer(page).getByText(`${taken} `).waitFor();
    await takePicture(page, 'list-mine');
  });

  it('lets the keyboard alone take an alert', async () => {
    const card = await raise(page, 'high');
    await card.focus();
    const focused = () => page.evaluate<string>('document.activeElement?.textContent ?? ""');
    for (let step = 0; step < 20 && (await focused()) !== 'Assign to me'; step++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await card.getByRole('button', { name: 'Investigate' }).waitFor();
    assert.equal(await focused(), 'Investigate', 'the focus goes on to the next step');
  });

  for (const theme of ['light', 'dark'] as const) {
    for (const width of [1280, 390]) {
      it(`has no serious accessibility finding, ${theme} at ${width} px`, async () => {
        await closePage(page);
        await open({ theme, width });
        assert.deepEqual(await accessibilityFindings(page), []);
        const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        assert.ok(overflow <= 0, 'nothing scrolls sideways');
        await takePicture(page, `triage-${theme}-${width}`);
      });
    }
  }
});
