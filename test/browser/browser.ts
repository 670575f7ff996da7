import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import axe from 'axe-core';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

/** Kept by the build when a story is told in pictures. */
const pictures = fileURLToPath(new URL('../../artefacts/', import.meta.url));

const quietFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Debian's Chromium, or the one that CHROMIUM_PATH names. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
  return chromium.launch({ executablePath, args: quietFlags });
}

export interface PageLook {
  readonly theme?: 'light' | 'dark';
  readonly width?: number;
  readonly height?: number;
}

/** A page in a fresh profile, with everything that went wrong in it. */
export async function openPage(
  browser: Browser,
  url: string,
  { theme = 'light', width = 1280, height = 800 }: PageLook = {},
): Promise<{ page: Page; faults: string[] }> {
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  await page.goto(url);
  return { page, faults };
}

/** Serious and critical findings of axe, each as one line. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  // The page forbids foreign scripts; evaluating in it is not subject to that.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>('axe.run(document)');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html} ${node.failureSummary ?? ''}`));
}

export async function takePicture(page: Page, name: string): Promise<void> {
  await mkdir(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}${name}.png` });
}

export async function choosePerson(page: Page, name: string): Promise<void> {
  await page.getByRole('radio', { name }).check({ force: true });
  await page.getByText(`You are ${name}`).waitFor({ state: 'attached' });
}

export async function openConversation(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Chats and channels' }).getByRole('button', { name }).click();
}

/** The post that shows this text. */
export function postWith(page: Page, text: string) {
  return page.getByRole('article').filter({ hasText: text });
}

export async function closePage(page: Page): Promise<void> {
  await page.context().close();
}
