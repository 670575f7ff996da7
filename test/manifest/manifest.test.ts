import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { slashCommands } from '../../bot/commands/index.js';
import { checkManifest, checkPackage, lintManifest } from '../../manifest/check.js';
import { buildManifest } from '../../manifest/manifest.js';

const read = (name: string) => new Uint8Array(readFileSync(new URL(`../../manifest/icons/${name}`, import.meta.url)));
const icons = { 'color.png': read('color.png'), 'outline.png': read('outline.png') };
const appId = '0b2f5f54-9d0c-4d2c-9a51-0d6f3f3f6a01';
const build = () =>
  buildManifest({ appId, version: '1.2.3', team: slashCommands('team'), personal: slashCommands('personal') });

describe('the app manifest', () => {
  it("is valid by Microsoft's schema and by our own rules", async () => {
    assert.deepEqual(await checkManifest(build(), icons), []);
  });

  it('is refused by the schema when an id is no GUID', async () => {
    assert.notDeepEqual(await checkManifest({ ...build(), id: 'avian' }, icons), []);
  });

  it('is refused without channel features, which the schema lets pass and Teams does not', () => {
    const { supportsChannelFeatures: _, ...manifest } = build();
    assert.match(lintManifest(manifest, icons).join(), /supportsChannelFeatures/);
  });

  it('holds the commands that are marked in code, at most 12 in each scope', () => {
    for (const scope of ['team', 'personal'] as const) {
      const bots = build()['bots'] as { commandLists: { scopes: string[]; commands: object[] }[] }[];
      const list = bots[0]?.commandLists.find((one) => one.scopes.includes(scope));
      assert.deepEqual(list?.commands, slashCommands(scope));
      assert.ok(list.commands.length > 0 && list.commands.length <= 12);
    }
  });

  it('is refused with icons of another size', () => {
    const swapped = { 'color.png': icons['outline.png'], 'outline.png': icons['color.png'] };
    assert.equal(lintManifest(build(), swapped).length, 2);
  });

  it('is packed with its icons at the root', async () => {
    const { zipSync, strToU8 } = await import('fflate');
    const whole = zipSync({ 'manifest.json': strToU8('{}'), ...icons });
    assert.deepEqual(checkPackage(whole), []);
    assert.equal(checkPackage(zipSync({ 'app/manifest.json': strToU8('{}') })).length, 1);
  });
});
