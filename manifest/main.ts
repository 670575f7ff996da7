import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { strToU8, zipSync } from 'fflate';
import { slashCommands } from '../bot/commands/index.js';
import { checkManifest, checkPackage } from './check.js';
import { buildManifest } from './manifest.js';

/** Writes the app package. Without MICROSOFT_APP_ID a placeholder id stands in it, good for looking, not for uploading. */
const appId = process.env['MICROSOFT_APP_ID'] || '00000000-0000-4000-8000-000000000000';
const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string;
};
const icons = Object.fromEntries(
  ['color.png', 'outline.png'].map((name) => [
    name,
    new Uint8Array(readFileSync(new URL(`./icons/${name}`, import.meta.url))),
  ]),
);
const manifest = buildManifest({ appId, version, team: slashCommands('team'), personal: slashCommands('personal') });
const zip = zipSync({ 'manifest.json': strToU8(JSON.stringify(manifest, null, 2)), ...icons });
const faults = [...(await checkManifest(manifest, icons)), ...checkPackage(zip)];

if (faults.length > 0) {
  process.stderr.write(`The manifest is not valid:\n${faults.map((fault) => `  - ${fault}\n`).join('')}`);
  process.exitCode = 1;
} else {
  mkdirSync('artefacts', { recursive: true });
  writeFileSync('artefacts/avian-for-teams.zip', zip);
  process.stdout.write(`artefacts/avian-for-teams.zip is valid (manifest 1.30, app ${appId}).\n`);
}
