import assert from 'node:assert/strict';
import fc from 'fast-check';
import { inTenant } from '../../database/transaction.js';
import { classify } from '../../domain/alerts/classification.js';
import { ingestItems } from '../../domain/alerts/ingest/ingest-items.js';
import { compareMoments, updateMoment } from '../../domain/alerts/last-update.js';
import { knownSeverity, severityOf } from '../../domain/alerts/severity.js';
import { riskScore } from '../../domain/devices/risk.js';
import { spanWords } from '../../domain/durations.js';
import { readCursor, writeCursor } from '../../domain/paging.js';
import { deadlines } from '../../domain/sla/policy.js';
import { tenantSettings } from '../../domain/tenants/settings.js';
import { moveClock } from '../helpers/builders.js';
import { insertMember, insertTenant, testDatabase } from '../helpers/database.js';
import type { TestDatabase } from '../helpers/database.js';
import { sourceItem } from '../helpers/items.js';
import { first, rowsOf } from '../helpers/rows.js';

describe('words of sources become ours', () => {
  it('severities match whole words of any case', () => {
    const cases = {
      Critical: 'critical',
      'Severity: HIGH': 'high',
      moderate: 'medium',
      Informational: 'low',
      'low/medium': 'medium',
    } as const;
    for (const [sent, ours] of Object.entries(cases)) assert.equal(severityOf(sent), ours);
    for (const sent of ['information', 'below', 'highest', 'unknown', '', '__proto__'])
      assert.deepEqual([knownSeverity(sent), severityOf(sent)], [null, 'medium'], sent);
  });

  it('the category decides the classification, then the prefix of the threat name, then words', () => {
    assert.equal(classify('CredentialAccess', 'Ransom:Win32/X', 'Phishing'), 'credential_access');
    assert.equal(classify('Lateral Movement', null, ''), 'lateral_movement');
    assert.equal(classify('Unknown', 'Ransom:Win32/Lockbit', ''), 'ransomware');
    assert.equal(classify(null, 'Trojan:Win32/Agent', ''), 'malware');
    assert.equal(classify(null, 'Behavior:Win32/X', ''), 'suspicious_activity');
    assert.equal(classify(null, null, 'Email with a phish link'), 'phishing');
    assert.equal(classify(null, null, 'Unphishable login'), 'other');
    assert.equal(classify('__proto__', 'constructor:', 'toString'), 'other');
  });

  it('risk words are numbers, unknown ones nothing', () => {
    assert.deepEqual(['None', 'High', 'unknownFutureValue', null].map(riskScore), [0, 90, null, null]);
  });
});

describe('times', () => {
  it('of Microsoft order to the last digit, whatever their zone', () => {
    const times = [
      '2026-01-01T00:00:00Z',
      '2026-01-01T00:00:00.0000001Z',
      '2026-01-01T00:00:00.000001Z',
      '2026-01-01T01:00:00.5+00:30',
    ];
    const sorted = times.toReversed().map(updateMoment).toSorted(compareMoments);
    assert.deepEqual(
      sorted.map((moment) => moment.raw),
      times,
    );
    assert.equal(updateMoment('2026-01-01T00:00:00.9999999Z').at, '2026-01-01T00:00:00.999999Z', 'cut, not rounded');
  });

  it('are said as people say them', () => {
    const at = (ms: number) => new Date(ms);
    assert.deepEqual(
      [4_999, 61_000, 3_600_000, 86_400_000 * 3].map((ms) => spanWords(at(0), at(ms))),
      ['4 s', '1 min', '1 h', '3 days'],
    );
  });

  it('settings of any shape give deadlines in order', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (any, sla) => {
        const from = new Date(0);
        for (const settings of [any, { sla }, { sla: { high: sla } }]) {
          const by = deadlines('high', from, tenantSettings(settings));
          assert.ok(
            from < by.slaAcknowledgeBy &&
              by.slaAcknowledgeBy <= by.slaInvestigateBy &&
              by.slaInvestigateBy <= by.slaResolveBy,
          );
        }
      }),
    );
  });
});

describe('the key of a page', () => {
  it('is read back as it was written and nothing else is accepted', () => {
    const cursor = ['queue', 1, '1767225600000001', '11111111-1111-4111-8111-111111111111'] as const;
    assert.deepEqual(readCursor('queue', writeCursor([...cursor])), cursor);
    assert.equal(readCursor('queue', null), null);
    assert.throws(() => readCursor('mine', writeCursor([...cursor])), /no longer known/);
    const early = writeCursor(['queue', 1, '-999999999999999999', cursor[3]]);
    assert.throws(() => readCursor('queue', early), /no longer known/, 'a time that PostgreSQL does not have');
    fc.assert(fc.property(fc.string(), (text) => assert.throws(() => readCursor('queue', text), /no longer known/)));
  });
});

describe('an item of a firewall', () => {
  let t: TestDatabase;
  let tenantId: string;
  before(async () => {
    t = await testDatabase();
    ({ tenantId } = await insertTenant(t.admin));
  });
  after(() => t.drop());

  const take = (...items: Parameters<typeof sourceItem>[0][]) =>
    inTenant(t.db, tenantId, (trx) =>
      ingestItems(
        trx,
        'firewall',
        items.map((item) => sourceItem(item)),
      ),
    );
  const rows = () => rowsOf(t.admin, 'security_alerts', tenantId);

  it('is known by its sender and id, else by its fingerprint, and comes back after closing and the window', async () => {
    await take({ externalId: '1' }, { externalId: '1', sourceUuid: '22222222-2222-4222-8222-222222222222' });
    const repeat = await take(
      { fingerprintFields: ['rule 7'] },
      { fingerprintFields: ['rule 7'] },
      { fingerprintFields: ['rule 8'] },
    );
    assert.deepEqual([repeat.new, repeat.repeated], [2, 1]);
    const found = await rows();
    assert.deepEqual(
      found.map((row) => row.seen_count),
      [1, 1, 2, 1],
    );
    const { id } = first(found);
    const { userId } = await insertMember(t.admin, tenantId, { role: 'security_analyst' });
    await t
      .admin('security_alerts')
      .where({ id })
      .update({
        status: 'closed_benign',
        assigned_to: userId,
        assigned_at: new Date(),
        closed_at: t.admin.raw('app.now()'),
        closed_by: userId,
      });
    assert.equal((await take({ externalId: '1' })).repeated, 1);
    await moveClock(t.admin, '301 seconds');
    assert.equal((await take({ externalId: '1' })).new, 1);
    assert.deepEqual((await rows()).map((row) => row.recurrence_of).filter(Boolean), [id]);
  });
});
