import assert from 'node:assert/strict';
import { CARD_BYTES } from '../../cards/card.js';
import { ana, channels } from '../helpers/cast.js';
import { openInstallation } from '../helpers/installation.js';
import type { Installation } from '../helpers/installation.js';
import { buttonsOf, fillIn, press, readOf, repliesTo, wordsOf } from '../helpers/shown.js';
import { alertArrives, entra, rowsOf } from './support/story.js';

const hostile = [
  '[Re-authenticate here](https://evil.example)',
  '![x](https://evil.example/p.png)',
  '<at>everyone</at>',
  '{{DATE(2026-01-01)}}',
  '${severity}',
  '<script>alert(1)</script>',
  'txt.exe\u202Egpj\u200B',
  'nul\u0000 bell\u0007',
  'half \ud83d a pair',
  '🧨 émigré',
].join(' ');

describe('Bad input', () => {
  let on: Installation;
  before(async () => (on = await openInstallation()));
  after(() => on.close());

  it('a broken alert among good ones is skipped, counted and named; the good ones have their cards', async () => {
    on.cloud.faults.turnOn(entra.contoso, { kind: 'malformed_record' }, 1);
    const { id: first = '' } = on.cloud.raiseAlert(entra.contoso);
    on.cloud.raiseAlert(entra.contoso, {
      createdDateTime: 'not a time',
      severity: { is: 'an object' },
    });
    const alert = await alertArrives(on);
    assert.equal((await rowsOf(on, first)).length, 1);
    assert.match(wordsOf(alert.shown().card), /Open/);
    const runs = await on.database
      .admin<{
        tenant_id: string;
        outcome: string;
        malformed_count: number;
        malformed_examples: { which: string; why: string }[];
      }>('sync_runs')
      .where({ tenant_id: on.tenantIds.contoso })
      .where('malformed_count', '>', 0);
    assert.equal(runs.length, 1);
    assert.equal(runs[0]?.outcome, 'complete');
    assert.ok((runs[0]?.malformed_examples.length ?? 0) >= 1);
    assert.ok(runs[0]?.malformed_examples.every(({ which, why }) => which !== '' && why !== ''));
  });

  it('a title of 100 KB becomes a card of at most 25 KB that can be worked on', async () => {
    const alert = await alertArrives(on, { title: `Long ${'x'.repeat(100_000)}`, description: 'y'.repeat(100_000) });
    const { card } = alert.shown();
    assert.ok(Buffer.byteLength(JSON.stringify(card)) <= CARD_BYTES);
    assert.match(readOf(await press(on.teams, ana.name, alert.shown(), 'alert.take')), /Assigned/);
  });

  it('hostile text is harmless in the card, the summary, the thread and the log', async () => {
    const alert = await alertArrives(on, { title: hostile, description: hostile, recommendedActions: hostile });
    const { card, message } = alert.shown();
    assert.equal(message.mentions.length, 0);
    assert.doesNotMatch(message.summary ?? '', /<at>|\]\(|\{\{/);
    assert.doesNotMatch(JSON.stringify(card), /\u202e|\u200b|\\u0000|\\u0007/i);
    for (const block of textBlocks(card)) assert.doesNotMatch(block, /evil\.example|<at>|<script>|2026-01-01/);
    const links = buttonsOf(card)
      .filter((one) => one['type'] === 'Action.OpenUrl')
      .map((one) => new URL(String(one['url'])).host);
    assert.deepEqual(links, ['security.microsoft.com']);
    await press(on.teams, ana.name, alert.shown(), 'alert.take');
    await on.delivered();
    await fillIn(on.teams, ana.name, alert.shown(), 'alert.close', {
      outcome: 'closed_benign',
      notes: `${hostile} is what I found`,
    });
    await on.delivered();
    const line = repliesTo(on.teams, message.id).at(-1) ?? '';
    assert.match(line, /Ana Ortiz closed it:.*is what I found/);
    assert.doesNotMatch(line, /<at>|\]\(http|\{\{|\u202e/);
    assert.equal(on.teams.replies(message.id).at(-1)?.mentions.length, 0);
    for (const logged of on.log)
      assert.doesNotThrow(() => void JSON.parse(logged), 'every line of the log is one JSON object');
  });

  it('a command that makes no sense is answered with a sentence', async () => {
    const said = async (text: string) => {
      const { message } = await on.teams.say(ana.name, channels.contosoAlerts, `<at>AVIAN</at> ${text}`);
      return repliesTo(on.teams, message.id).join(' ');
    };
    assert.match(await said('assign'), /Say an alert, such as A-12/);
    assert.match(await said('assign A-99999999999999999999'), /Not found here|Say an alert/);
    assert.match(await said(`close A-1 maybe ${hostile}`), /benign or false-positive/);
    assert.match(await said('x'.repeat(50_000)), /is not a command/);
    assert.match(await said("show A-1'; drop table users; --"), /./);
  });

  it('bodies that are no activity are refused without a trace of the inside', async () => {
    const url = `${on.apps[0]?.address ?? ''}/api/messages`;
    const post = async (body: string, type = 'application/json') => {
      const answer = await fetch(url, { method: 'POST', body, headers: { 'content-type': type } });
      return { status: answer.status, text: await answer.text() };
    };
    for (const body of [
      '',
      '{',
      'null',
      '[]',
      '{"type":"message"}',
      JSON.stringify({
        type: 'message',
        channelId: 'msteams',
        serviceUrl: 'https://evil.example',
        conversation: { id: 'x' },
      }),
    ]) {
      const { status, text } = await post(body);
      assert.ok(status >= 400 && status < 500, `${body}: ${status}`);
      assert.doesNotMatch(text, /\bat .*\.ts|node_modules|Error:/);
    }
    assert.equal((await post(`{"a":"${'x'.repeat(2_000_000)}"}`)).status, 413);
  });

  it('and afterwards everything works as before', async () => {
    const alert = await alertArrives(on);
    assert.match(readOf(await press(on.teams, ana.name, alert.shown(), 'alert.take')), /Assigned/);
  });
});

/** Texts of the elements in which markdown and macros are read. */
function textBlocks(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(textBlocks);
  if (typeof value !== 'object' || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  const own = type === 'TextBlock' && typeof text === 'string' ? [text] : [];
  return [...own, ...Object.values(value).flatMap(textBlocks)];
}
