import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { tenantSettings } from '../../domain/tenants/settings.js';

/** Members whose own members have rows of their own. */
const parents = new Set(['actions', 'syncSeconds']);
const syncs = ['alerts', 'devices', 'compliance', 'vulnerabilities', 'vulnerabilitiesFull'];

describe('docs/settings.md', () => {
  it('has a row for every setting that the program reads', async () => {
    const text = await readFile(new URL('../../docs/settings.md', import.meta.url), 'utf8');
    const documented = new Set([...text.matchAll(/^\| `([\w.]+)`/gm)].map(([, name]) => name));
    const settings = tenantSettings({});
    const read = [
      ...Object.keys(settings).filter((name) => !parents.has(name)),
      ...Object.keys(settings.actions).map((name) => `actions.${name}`),
      ...syncs.map((name) => `syncSeconds.${name}`),
    ];
    assert.deepEqual(
      read.filter((name) => !documented.has(name)),
      [],
    );
  });
});
