import type { SandboxTenant } from '../tenants.js';

/** A device of a fictional company as the pretend Microsoft knows it. */
export interface EstateDevice {
  readonly tenant: SandboxTenant;
  /** 40 hexadecimal digits; null: Defender does not know it. */
  readonly machineId: string | null;
  /** Null: it is not enrolled in Intune. */
  readonly intuneId: string | null;
  readonly aadDeviceId: string | null;
  /** What Defender says of it; null although there is an Entra id occurs. */
  readonly machineAadDeviceId: string | null;
  readonly name: string;
  readonly intuneName: string;
  readonly serialNumber: string | null;
  /** In Defender's words: Windows11, Ubuntu, macOS, ... */
  readonly os: string;
  readonly build: number | null;
  readonly version: string;
  readonly risk: string | null;
  readonly exposure: string | null;
  readonly health: string;
  readonly onboarding: string;
  readonly value: string;
  readonly tags: readonly string[];
  readonly group: string | null;
  readonly isAadJoined: boolean | null;
  readonly address: string;
  /** Days since it last reported; null: the sentinel of year 1. */
  readonly silentDays: number | null;
  /** Intune's word for its compliance. */
  readonly compliance: string;
  readonly userName: string | null;
  readonly userPrincipalName: string | null;
}
