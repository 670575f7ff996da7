import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { ValidateFunction } from 'ajv';
import { drawSyncCard } from '../../cards/sync-card.js';
import { startedWords } from '../../cards/sync-words.js';
import { syncSources } from '../../domain/sync/source.js';
import type { EndedRun, SourceStatus, SyncStatusView } from '../../domain/sync/sync-status.js';
import { tenantId } from './action-views.js';
import { isHarmless } from './harmless.js';
import { hostileText, hostileTexts } from './hostile.js';
import { endedRun, syncView, troubled } from './sync-views.js';
import { teamsCardValidator } from './teams-schema.js';
import { at } from './views.js';
import { ofType, texts } from './walk.js';

const linesOf = (view: SyncStatusView) => texts(drawSyncCard(view).content).split('\n');

describe('the card of the syncs', () => {
  it('says of each source how it stands, what the last run did, and when the next one is', () => {
    const lines = linesOf(syncView());
    for (const line of [
      'Sync · Contoso',
      '4 read',
      '✓ Defender alerts: read',
      '✓ Intune devices: read',
      'Last run complete (everything, 4 s): 10,000 records read, 12 new, 3 changed, 1 removed.',
    ])
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
    assert.match(lines.join('\n'), /^Last success \{\{DATE.*10:00:04Z.* · next run \{\{DATE.*10:15:00Z/m);
  });

  it('shows progress with its rate, what is on hold and why, what is not there, what was skipped and why', () => {
    const lines = linesOf(troubled);
    for (const line of [
      '1 being read, 1 on hold, 1 not in the tenant, 1 incomplete',
      '▷ Defender alerts: being read',
      'Reading what changed for 8 s: 12 pages, 60,000 records, 7,500 a second.',
      '◆ Defender devices: on hold',
      'On hold: Defender refuses the app in Entra tenant a59fc703-72db-43e0-8a21-0494303b7220: check its consent. It is tried again every hour, until it succeeds.',
      'Last run refused (everything, 4 s): 0 records read.',
      '– Intune devices: not in the tenant',
      'The tenant does not have this at Microsoft. It is looked at again once a week.',
      '▲ Defender vulnerabilities: incomplete',
      '21 records could not be read and were skipped: dev-9 (computerDnsName is no text); record 17 (it has no id); dev-11 (it has no id); and 18 more.',
    ])
      assert.ok(lines.includes(line), `${line} in\n${lines.join('\n')}`);
  });

  it('says what is due, throttled, read in part or failed', () => {
    const failed = endedRun({ outcome: 'failed', error: 'Defender answered 503.' });
    const all = linesOf(
      syncView({
        alerts: { nextRunAt: at('10:02:00'), lastSuccessAt: null },
        devices: { throttledInARow: 6, lastRun: failed },
        compliance: { hold: { reason: 'No rules.', since: at('09:00:00'), partly: true } },
        vulnerabilities: { lastRun: failed },
      }),
    ).join('\n');
    assert.match(all, /^◷ Defender alerts: due now$/m);
    assert.match(all, /^Never read completely yet$/m);
    assert.match(all, /^▲ Defender devices: throttled\nMicrosoft has throttled it 6 times in a row\.$/m);
    assert.match(all, /^▲ Intune devices: read in part\nNot all can be read: No rules\.$/m);
    assert.match(all, /^✕ Defender vulnerabilities: failed\nLast run failed .*Defender answered 503\.$/m);
  });

  it('has a button that asks anew, and asks by itself where the asker alone looks', () => {
    const { content } = drawSyncCard(syncView(), { refreshFor: ['29:ann'] });
    const data = { verb: 'sync.show', tenantId, schema: 1 };
    assert.deepEqual(
      ofType(content['actions'], 'Action.Execute').map((button) => [button['title'], button['data']]),
      [['Refresh', data]],
    );
    const refresh = content['refresh'] as { action: { data: object }; userIds: string[] };
    assert.deepEqual([refresh.action.data, refresh.userIds], [data, ['29:ann']]);
    assert.equal(drawSyncCard(syncView()).content['refresh'], undefined);
  });

  it('says that nothing is read where no Microsoft tenant is connected', () => {
    const all = linesOf({ ...syncView(), isConnected: false }).join('\n');
    assert.match(all, /No Microsoft tenant is connected/);
    assert.doesNotMatch(all, /Defender/);
  });

  it('names what begins and what does not, and is silent about a repeated message', () => {
    const outcomes = [
      { source: 'alerts', outcome: 'under_way' },
      { source: 'devices', outcome: 'begins' },
      { source: 'compliance', outcome: 'begins' },
      { source: 'vulnerabilities', outcome: 'just_read' },
    ] as const;
    assert.equal(
      startedWords({ view: syncView(), outcomes }),
      'Begins now: Defender devices, Intune devices. Being read already: Defender alerts. Read a moment ago: Defender vulnerabilities.',
    );
    assert.equal(startedWords({ view: syncView(), outcomes: [] }), '');
  });

  describe('with hostile text', () => {
    let isTeamsCard: ValidateFunction;
    before(function () {
      this.timeout(60_000);
      isTeamsCard = teamsCardValidator();
    });
    const anyDate = fc.date({ noInvalidDate: false });
    const perhaps = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
    const example = fc.record({ which: hostileText, why: hostileText });
    const anyRun: fc.Arbitrary<EndedRun> = fc.record({
      outcome: fc.constantFrom('complete', 'partial', 'failed', 'held'),
      kind: fc.constantFrom('full', 'delta'),
      startedAt: anyDate,
      finishedAt: anyDate,
      read: fc.nat(),
      new: fc.nat(),
      changed: fc.nat(),
      removed: fc.nat(),
      skipped: fc.nat(),
      examples: fc.array(example, { maxLength: 20 }),
      error: perhaps(hostileText),
    });
    const anySource: fc.Arbitrary<Omit<SourceStatus, 'source'>> = fc.record({
      underWay: perhaps(
        fc.record({
          kind: fc.constantFrom('full' as const, 'delta' as const),
          startedAt: anyDate,
          pages: fc.nat(),
          read: fc.nat(),
        }),
      ),
      lastRun: perhaps(anyRun),
      lastSuccessAt: perhaps(anyDate),
      nextRunAt: perhaps(anyDate),
      hold: perhaps(fc.record({ reason: hostileText, since: anyDate, partly: fc.boolean() })),
      throttledInARow: fc.nat(),
      unlicensedSince: perhaps(anyDate),
    });

    it('does no harm, and fits', () => {
      const law = fc.property(
        fc.array(anySource, { minLength: 4, maxLength: 4 }),
        hostileText,
        hostileText,
        (all, tenantName, notice) => {
          const sources = syncSources.map((source, i) => ({ ...(all[i] ?? assert.fail()), source }));
          isHarmless(drawSyncCard({ ...syncView(), tenantName, sources }, { notice }), isTeamsCard);
        },
      );
      fc.assert(law, { numRuns: 100 });
    }).timeout(60_000);

    for (const [name, text] of Object.entries(hostileTexts)) {
      it(`${name} does no harm wherever it can stand at once`, () => {
        const lastRun = endedRun({
          outcome: 'held',
          error: `!${text}`,
          skipped: 20,
          examples: Array.from({ length: 20 }, () => ({ which: text, why: text })),
        });
        const everywhere = { lastRun, hold: { reason: text, since: at('09:00:00'), partly: false } };
        const view = syncView(Object.fromEntries(syncSources.map((source) => [source, everywhere])));
        const refreshFor = Array<string>(60).fill(`29:${'x'.repeat(90)}`);
        isHarmless(drawSyncCard({ ...view, tenantName: text }, { notice: text, refreshFor }), isTeamsCard);
      });
    }
  });
});
