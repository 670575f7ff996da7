import { drawDeviceChoice } from '../../cards/device-choice.js';
import type { ChoicePurpose } from '../../cards/device-choice.js';
import { asPlain } from '../../cards/text.js';
import type { Actor } from '../../domain/access/actor.js';
import type { DeviceChoice } from '../../domain/devices/device.js';
import { DomainError } from '../../domain/errors.js';
import type { CommandCall, Reply } from './command.js';

export type FoundDevice = { readonly device: DeviceChoice } | { readonly reply: Reply };

/**
 * The device that is called exactly so, if there is exactly one; else a card that asks which was meant. Throws DomainError when
 * no device is or begins like it.
 */
export async function findDevice(
  call: CommandCall,
  who: Actor,
  said: string,
  purpose: Omit<ChoicePurpose, 'tenantId'>,
): Promise<FoundDevice> {
  const devices = await call.services.devices.search(who, said);
  if (devices.length === 0) {
    throw new DomainError(
      'not_found',
      `No device here is called, or begins like, "${asPlain(said, 80)}". Names with spaces need quotes.`,
    );
  }
  const [only, ...others] = devices.filter(({ name }) => isCalled(name, said));
  if (only && others.length === 0) return { device: only };
  return { reply: { card: drawDeviceChoice(said, devices, { ...purpose, tenantId: who.tenantId }) } };
}

/** By its whole name, or by the host name where one of the two has no domain. */
function isCalled(name: string | null, said: string): boolean {
  const [one, other] = [plain(name ?? ''), plain(said)];
  if (one === other) return true;
  return one.includes('.') !== other.includes('.') && host(one) === host(other);
}

function plain(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/[‐‑–]/g, '-')
    .replace(/[‘’‚‛]/g, "'");
}

function host(name: string): string {
  return name.split('.', 1)[0] ?? '';
}
