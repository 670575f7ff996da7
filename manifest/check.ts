import { AppManifestUtils, type TeamsManifest } from '@microsoft/app-manifest';
import { unzipSync } from 'fflate';

/** What Teams refuses at upload although the JSON schema lets it pass, as one sentence each. */
export function lintManifest(manifest: Record<string, unknown>, icons: Readonly<Record<string, Uint8Array>>): string[] {
  const faults: string[] = [];
  const bots = (manifest['bots'] ?? []) as { scopes: string[]; commandLists?: { commands: { title: string }[] }[] }[];
  if (bots.some((bot) => bot.scopes.includes('team')) && manifest['supportsChannelFeatures'] !== 'tier1') {
    faults.push('A bot with team scope needs "supportsChannelFeatures": "tier1" since manifest 1.25.');
  }
  for (const list of bots.flatMap((bot) => bot.commandLists ?? [])) {
    if (list.commands.length > 12)
      faults.push(`A command list holds at most 12 commands, not ${list.commands.length}.`);
    const titles = list.commands.map((command) => command.title);
    if (new Set(titles).size !== titles.length) faults.push('A command list names a command twice.');
  }
  for (const [name, side] of [
    ['color.png', 192],
    ['outline.png', 32],
  ] as const) {
    const size = pngSize(icons[name]);
    if (size?.width !== side || size.height !== side) faults.push(`${name} must be a PNG of ${side} x ${side} pixels.`);
  }
  return faults;
}

/** All faults of a manifest: Microsoft's schema, read from the installed package, and our own rules. Empty when it is valid. */
export async function checkManifest(
  manifest: Record<string, unknown>,
  icons: Readonly<Record<string, Uint8Array>>,
): Promise<string[]> {
  const schema = await AppManifestUtils.validateAgainstSchema(manifest as unknown as TeamsManifest);
  return [...schema, ...lintManifest(manifest, icons)];
}

/** Opens a package again, as Teams would: the three files at its root and nothing else. */
export function checkPackage(zip: Uint8Array): string[] {
  const names = Object.keys(unzipSync(zip)).sort();
  const expected = ['color.png', 'manifest.json', 'outline.png'];
  return names.join() === expected.join()
    ? []
    : [`The package holds ${names.join(', ')} instead of ${expected.join(', ')}.`];
}

function pngSize(file: Uint8Array | undefined): { width: number; height: number } | null {
  if (!file || file.length < 24 || file[1] !== 0x50) return null;
  const view = new DataView(file.buffer, file.byteOffset);
  return { width: view.getUint32(16), height: view.getUint32(20) };
}
