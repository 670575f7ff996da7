import type { Locator, Page } from 'playwright-core';

import { until } from '../helpers/until.js';

/** Has Microsoft raise an alert, or one with a hostile title (null), and gives its post. */
export async function raise(page: Page, severity: 'high' | 'medium' | 'low' | null): Promise<Locator> {
  const before = await newestNumber(page);
  if (severity === null) await page.getByRole('button', { name: 'Alert with hostile text' }).click();
  else {
    await page.getByLabel('Severity').selectOption(severity);
    await page.getByRole('button', { name: 'Raise an alert' }).click();
  }
  const number = await until('the alert stands in the channel', async () => {
    const newest = await newestNumber(page);
    return newest > before ? newest : null;
  });
  return page.getByRole('article').filter({ hasText: new RegExp(`· A-${number}\\D`) });
}

async function newestNumber(page: Page): Promise<number> {
  const texts = await page.getByRole('article').allTextContents();
  return Math.max(0, ...texts.flatMap((text) => [...text.matchAll(/· A-(\d+)/g)].map(([, digits]) => Number(digits))));
}

export async function nameOf(card: Locator): Promise<string> {
  return /A-\d+/.exec((await card.textContent()) ?? '')?.[0] ?? 'no alert';
}

/** Presses a button of the card, and waits for the one that is then there. */
export async function press(card: Locator, button: string, then?: string): Promise<void> {
  await card.getByRole('button', { name: button, exact: true }).click();
  if (then !== undefined) await card.getByRole('button', { name: then, exact: true }).waitFor();
}

export function channelBox(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message in/ });
}

export async function say(page: Page, box: Locator, text: string): Promise<void> {
  await box.fill(text);
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
}

/** What stands last in the feed. */
export function lastAnswer(page: Page): Locator {
  return page.getByRole('article').last();
}
