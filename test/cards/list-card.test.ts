import assert from 'node:assert/strict';
import { cardBytes, CARD_BYTES } from '../../cards/card.js';
import { drawAlertList, drawIncidentList, LIST_PAGE_ROWS } from '../../cards/list-card.js';
import { hostileTexts } from './hostile.js';
import { alertRow, bo, incidentView } from './views.js';
import { ofType, texts } from './walk.js';

const page = { tenantId: 'c0', tenantName: 'Contoso', total: 1204, nextCursor: 'c1' };

describe('the lists', () => {
  it('show the mandatory fields of each alert, the real total and a take button per row of the queue', () => {
    const { content, summary } = drawAlertList('queue', {
      ...page,
      items: [alertRow(), alertRow({ number: 7, id: 'a7' })],
    });
    const all = texts(content);
    assert.match(all, /^Triage queue: 1,204 open alerts$/m);
    assert.match(all, /^▲ High · A-1042 $/m);
    assert.match(all, /^Malware · EDR · created \{\{DATE.* · Open$/m);
    const rows = ofType(ofType(content['body'], 'ActionSet'), 'Action.Execute');
    assert.deepEqual(
      rows.map((action) => (action['data'] as Record<string, unknown>)['entityId']),
      [alertRow().id, 'a7'],
    );
    assert.deepEqual(new Set(rows.map((action) => action['verb'])), new Set(['alert.take']));
    assert.equal(summary, 'Triage queue: 1,204 open alerts · Contoso');
  });

  it('turn the page with the cursor of the list, and offer no next page at the end', () => {
    const [next] = drawIncidentList({ ...page, items: [] }).content['actions'] as Record<string, unknown>[];
    assert.deepEqual(next?.['data'], { verb: 'list.page', tenantId: 'c0', list: 'incidents', cursor: 'c1', schema: 1 });
    assert.deepEqual(drawIncidentList({ ...page, items: [], nextCursor: null }).content['actions'], []);
  });

  it('let the take buttons of the queue bring back the page they stand on, and say on top what came of it', () => {
    const place = { cursor: 'c9', notice: 'A-7 is yours.' };
    const { content } = drawAlertList('queue', { ...page, items: [alertRow()] }, place);
    const [take] = ofType(content['body'], 'Action.Execute');
    const { list, cursor } = take?.['data'] as Record<string, unknown>;
    assert.deepEqual([list, cursor], ['queue', 'c9']);
    assert.match(texts(content), /^A-7 is yours\.$/m);
  });

  it('say so when they are empty', () => {
    const empty = { ...page, items: [], total: 0, nextCursor: null };
    assert.match(texts(drawAlertList('queue', empty).content), /Nothing is waiting to be taken\./);
    assert.match(texts(drawAlertList('mine', empty).content), /You have no alerts in work\./);
  });

  it('keep every row of a full page within the size limit, whatever the titles are', () => {
    for (const [name, title] of Object.entries(hostileTexts)) {
      const items = Array.from({ length: LIST_PAGE_ROWS }, (_, i) => alertRow({ id: `a${i}`, title }));
      const { content } = drawAlertList('queue', { ...page, items }, { cursor: 'c'.repeat(300), notice: title });
      assert.ok(cardBytes(content) <= CARD_BYTES, `${name}: ${cardBytes(content)}`);
      assert.equal(ofType(content['body'], 'ActionSet').length, LIST_PAGE_ROWS, name);
    }
  });

  it('show the owner of an incident and when it is due', () => {
    const item = { ...incidentView().incident, classification: 'malware', sourceSystem: 'edr', owner: bo } as const;
    const all = texts(drawIncidentList({ ...page, items: [{ ...item, dueAt: item.slaAcknowledgeBy }] }).content);
    assert.match(all, /Emotet malware was prevented · Bo Berg/);
    assert.match(all, /· Open · due \{\{DATE\(2026-03-02T10:30:00Z/);
  });
});
